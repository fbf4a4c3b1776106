import { expect, test } from "vitest";
import { orderFaults } from "./orders.ts";
import { parseRunbook } from "./runbook.ts";

const block = (id: string, component: string) => `\`\`\`sh id=${id} component=${component}\ntrue\n\`\`\`\n`;
const runbook = parseRunbook(
  `---\ntitle: T\nsystem: shop\nmode: hot\nvariant: own\nsource: a page\n---\n## Back up\n${block("copy", "rows")}## Restore\n${block("rows", "rows")}${block("index", "index")}${block("start", "api")}`,
  "r.md",
);
const steps = runbook.blocks.filter(({ part }) => part === "restore");

test("every swap of neighbours and every omission of a step of Restore, and nothing of Back up", () => {
  const orders = orderFaults(runbook).map(({ id, reorder }) => [
    id,
    (reorder?.(steps) ?? []).map((step) => step.id).join(" "),
  ]);
  expect(Object.fromEntries(orders)).toEqual({
    "swap-rows-and-index": "index rows start",
    "swap-index-and-start": "rows start index",
    "omit-rows": "index start",
    "omit-index": "rows start",
    "omit-start": "rows index",
  });
});

test("the steps themselves stay the same, so that only their order is tried", () => {
  for (const { reorder } of orderFaults(runbook))
    for (const step of reorder?.(steps) ?? []) expect(steps).toContain(step);
});

test("every order is proved by new writes too, since nobody knows beforehand that it does harm", () => {
  for (const { expected, caughtBy } of orderFaults(runbook))
    expect({ expected, caughtBy }).toEqual({ expected: "either", caughtBy: ["writes-work-again"] });
});
