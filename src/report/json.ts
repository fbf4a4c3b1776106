import { z } from "zod";
import { reportSchema, type Report } from "../core/report.ts";

/** `report.json`: validated, in one order of keys, so that the same run gives the same bytes. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(reportSchema.parse(report), null, 2)}\n`;
}

/** JSON Schema of `report.json`, shipped as docs/report.schema.json. */
export function reportJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`;
}
