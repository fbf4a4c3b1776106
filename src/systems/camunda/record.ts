import { z } from "zod";
import { keyText } from "./http.ts";

/** One exported record. Source: Camunda 8.6 documentation, "Elasticsearch exporter"; seen on 8.6.0. */
export const recordSchema = z.object({
  partitionId: z.int(),
  position: z.int(),
  /** Of what the record is about, such as an element instance. */
  key: z.unknown().transform(keyText),
  intent: z.string(),
  value: z.record(z.string(), z.unknown()),
});
export type ExportedRecord = z.infer<typeof recordSchema>;
