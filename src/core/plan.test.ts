import { expect, test } from "vitest";
import { parseDrill } from "./drill.ts";
import { MusterError } from "./errors.ts";
import { absentFeatures, planDrill, type PlanRequest } from "./plan.ts";
import { parseRunbook } from "./runbook.ts";
import type { System } from "./system.ts";

const runbookText = `---
title: T
system: shop
mode: cold
variant: own
source: a page
---
## Back up
\`\`\`sh id=copy component=files
true
\`\`\`
## Restore
\`\`\`sh id=put-back component=files
true
\`\`\`
\`\`\`sh id=start component=api
true
\`\`\`
`;

const shop: System = {
  id: "shop",
  title: "Shop",
  stack: { kind: "directory", program: "shop" },
  components: [
    { id: "files", store: "files", service: "shop" },
    { id: "api", store: "http", service: "shop" },
  ],
  placements: [],
  clustered: false,
  limits: [],
  deployment: () => Promise.resolve([]),
  connect: () => Promise.reject(new Error("nothing is started by a plan")),
};

function request(change: Partial<PlanRequest> = {}, runbook = runbookText): PlanRequest {
  return {
    drillId: "shop/cold",
    drill: parseDrill("title: T\nsystem: shop\nrunbook: r.md\n", "d.yaml"),
    system: shop,
    runbook: parseRunbook(runbook, "r.md"),
    runbookFile: "r.md",
    runbookText: runbook,
    seed: undefined,
    scale: undefined,
    controls: [],
    hooks: [],
    ...change,
  };
}

function refusalOf(refused: PlanRequest): unknown {
  try {
    planDrill(refused);
  } catch (thrown) {
    if (thrown instanceof MusterError)
      return { code: thrown.code, message: thrown.message, status: thrown.exitStatus };
    throw thrown;
  }
  return undefined;
}

test("a plan takes seed and scale from the drill unless the caller names others", () => {
  expect(planDrill(request())).toMatchObject({ seed: 1, scale: "small" });
  expect(planDrill(request({ seed: 9, scale: "large" }))).toMatchObject({ seed: 9, scale: "large" });
});

test("a cold procedure on a clustered stack is refused with the reason", () => {
  expect(refusalOf(request({ system: { ...shop, clustered: true } }))).toEqual({
    code: "REFUSED",
    message:
      "r.md: a cold procedure on a clustered stack is refused: the vendor documents it for standalone servers only, because nodes stopped one after another share no cut",
    status: 3,
  });
});

test("a runbook of another system, and a block of an unknown component, are refused with what was expected", () => {
  expect(refusalOf(request({}, runbookText.replace("system: shop", "system: barn")))).toMatchObject({
    message: 'r.md: is written for system "barn", the drill is of "shop"',
  });
  expect(
    refusalOf(request({}, runbookText.replace("id=copy component=files", "id=copy component=flies"))),
  ).toMatchObject({
    message: 'r.md:9: block "copy" names component "flies", expected one of files, api, set',
  });
});

test("hooks of a drill come before those of the caller; each names a step of the run or a block of the runbook", () => {
  const hooksOf = (after: string) =>
    `title: T\nsystem: shop\nrunbook: r.md\nhooks: [{ after: ${after}, command: "true" }]\n`;
  const planned = (after: string) => request({ drill: parseDrill(hooksOf(after), "d.yaml") });
  const mine = { after: "destroy", command: "date" };
  expect(planDrill({ ...planned("backup/copy"), hooks: [mine] }).hooks).toEqual([
    { after: "backup/copy", command: "true" },
    mine,
  ]);
  expect(() => planDrill(planned("copy"))).toThrow(
    "hook after:copy: no such step, expected one of up, seed,",
  );
  expect(() => planDrill(planned("restore/copy"))).toThrow(
    "hook after:restore/copy: no such step, expected one of backup/copy, restore/put-back",
  );
});

test("a drill has a say in the load only where its system leaves one, and only among its kinds of call", () => {
  const drill = parseDrill("title: T\nsystem: shop\nrunbook: r.md\nload: { mix: [refund] }\n", "d.yaml");
  expect(() => planDrill(request({ drill }))).toThrow('system "shop" leaves a drill no say in its load');
  const asked = (loadKinds: readonly string[]) => request({ drill, system: { ...shop, loadKinds } });
  expect(() => planDrill(asked(["order"]))).toThrow('load.mix has "refund", expected order');
  expect(planDrill(asked(["refund"])).drill.load).toEqual({ mix: ["refund"] });
});

test("a system with schedules has cycles unless it says otherwise", () => {
  const absentIn = (system: Partial<System>) =>
    absentFeatures(planDrill(request({ system: { ...shop, hasProbes: true, ...system } })));
  expect(absentIn({})).toEqual(["schedules", "cycles"]);
  expect(absentIn({ hasSchedules: true })).toEqual([]);
  expect(absentIn({ hasSchedules: true, hasCycles: false })).toEqual(["cycles"]);
});
