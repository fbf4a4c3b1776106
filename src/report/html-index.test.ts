import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportSchema, type Report } from "../core/report.ts";
import { renderIndex } from "./html-index.ts";

const file = join(import.meta.dirname, "../../fixtures/reports/verified.json");
const verified = reportSchema.parse(JSON.parse(await readFile(file, "utf8")));

function run(path: string, changes: Partial<Report>) {
  return { path, report: { ...verified, ...changes }, problem: "" };
}

test("all runs are listed, the newest first, and one without a report is told with its reason", () => {
  const page = renderIndex([
    run("shop/cold/old", { startedAt: "2026-01-01T00:00:00.000Z" }),
    run("shop/cold/new one", { startedAt: "2026-02-01T00:00:00.000Z", result: "not-verified" }),
    { path: "shop/cold/killed", report: undefined, problem: "no <report>" },
  ]);
  expect([...page.matchAll(/href="([^"#]+)"/g)].map(([, link]) => link)).toEqual([
    "shop/cold/new%20one/report.html",
    "shop/cold/old/report.html",
  ]);
  expect(page).toContain(
    "3 runs: 1 verified, 1 not verified, 0 could not tell, 1 without a report that can be read.",
  );
  expect(page).toContain("<code>shop/cold/killed</code>: no &lt;report&gt;");
});

test("a trend is drawn from two measured runs on, and never from one", () => {
  const unmeasured = { ...verified.recovery, rtoMs: null };
  const controls = { ...verified.controls, rate: null };
  const first = run("a", { startedAt: "2026-01-01T00:00:00.000Z", controls });
  const blind = run("b", { startedAt: "2026-01-02T00:00:00.000Z", recovery: unmeasured, controls });
  const second = run("c", { startedAt: "2026-01-03T00:00:00.000Z", controls });
  expect(renderIndex([first, blind])).not.toContain("<svg");
  expect(renderIndex([first, blind, second])).toContain(
    `aria-label="${verified.drill}: recovery time by run; the figures are in the table of runs"`,
  );
});
