import { createHash } from "node:crypto";
import { z } from "zod";
import type { Drill } from "./drill.ts";
import { drillSchema, hookSchema } from "./drill.ts";
import { MusterError } from "./errors.ts";
import type { Runbook } from "./runbook.ts";
import type { Scale, System } from "./system.ts";

/** A Plan is a drill with every choice made: what a run will do, in order, before it does any of it. */

/** Steps of a run, in order; `--hook after:<step>` names one of them, or a block of a part: `after:backup/<block>`. */
export const runSteps = [
  ["up", "start the application and show that its network has no way out"],
  ["seed", "write through the public API"],
  ["baseline", "observe every component; the invariants must hold before anything is judged"],
  ["backup", "take the set with the runbook's part Back up"],
  ["write-after", "write once more: none of it may come back"],
  ["second-set", "take a second generation, for controls that mix generations"],
  ["destroy", "remove everything, and prove by query that it is gone"],
  ["restore", "put the data back with the runbook's part Restore, up to the start of the application"],
  ["restored", "observe every store while the application is down"],
  ["start", "start the application with the rest of Restore, and wait until it has settled"],
  ["started", "observe every component again, the public API among them"],
  ["write-again", "prove that the restored application writes"],
  ["check", "judge the invariants"],
  ["controls", "send damaged copies of the set through the same restore"],
  ["down", "remove everything"],
] as const;

export type RunStep = (typeof runSteps)[number][0];

export type Hook = z.infer<typeof hookSchema>;

const controlPlanSchema = z.strictObject({ fault: z.string(), sealed: z.boolean() });
export type ControlPlan = z.infer<typeof controlPlanSchema>;

/** Written to `plan.json` before anything is started; everything a later check needs to know about intentions. */
export const planSchema = z.strictObject({
  formatVersion: z.literal(1),
  drillId: z.string(),
  drill: drillSchema,
  system: z.strictObject({
    id: z.string(),
    title: z.string(),
    components: z.array(
      z.strictObject({
        id: z.string(),
        store: z.string(),
        service: z.string(),
        needsApplication: z.boolean().optional(),
        readFromFiles: z.boolean().optional(),
        standIn: z.string().optional(),
      }),
    ),
    limits: z.array(z.string()),
    hasSchedules: z.boolean(),
    hasCycles: z.boolean().optional(),
    hasProbes: z.boolean().default(false),
  }),
  runbook: z.strictObject({
    file: z.string(),
    sha256: z.string(),
    title: z.string(),
    mode: z.string(),
    variant: z.string(),
    source: z.array(z.string()),
    blocks: z.array(z.strictObject({ part: z.string(), id: z.string(), components: z.array(z.string()) })),
  }),
  seed: z.int(),
  scale: z.enum(["small", "medium", "large"]),
  controls: z.array(controlPlanSchema),
  hooks: z.array(hookSchema),
});
export type Plan = z.infer<typeof planSchema>;

export interface PlanRequest {
  readonly drillId: string;
  readonly drill: Drill;
  readonly system: System;
  readonly runbook: Runbook;
  readonly runbookFile: string;
  readonly runbookText: string;
  readonly seed: number | undefined;
  readonly scale: Scale | undefined;
  readonly controls: readonly ControlPlan[];
  /** Beside those of the drill file. */
  readonly hooks: readonly Hook[];
}

/**
 * Makes every choice of a run and refuses what cannot work. Pure: nothing is started or read.
 * @throws MusterError BAD_RUNBOOK, BAD_ARGUMENT or REFUSED.
 */
export function planDrill(request: PlanRequest): Plan {
  const { drill, system, runbook } = request;
  ensureRunbookFits(request);
  ensureHooks(request);
  ensureLoadFits(request);
  return planSchema.parse({
    formatVersion: 1,
    drillId: request.drillId,
    drill,
    system: {
      id: system.id,
      title: system.title,
      components: system.components.map((component) => ({ ...component })),
      limits: [...system.limits],
      hasSchedules: system.hasSchedules ?? false,
      ...(system.hasCycles === undefined ? {} : { hasCycles: system.hasCycles }),
      hasProbes: system.hasProbes ?? false,
    },
    runbook: {
      file: request.runbookFile,
      sha256: createHash("sha256").update(request.runbookText).digest("hex"),
      title: runbook.title,
      mode: runbook.mode,
      variant: runbook.variant,
      source: runbook.source,
      blocks: runbook.blocks.map(({ part, id, components }) => ({ part, id, components })),
    },
    seed: request.seed ?? drill.seed,
    scale: request.scale ?? drill.scale,
    controls: request.controls,
    hooks: [...drill.hooks, ...request.hooks],
  });
}

/** Tables and relations of which the system declares that it has nothing. */
export function absentFeatures({ system }: Plan): string[] {
  return [
    ...(system.hasSchedules ? [] : ["schedules"]),
    ...((system.hasCycles ?? system.hasSchedules) ? [] : ["cycles"]),
    ...(system.hasProbes ? [] : ["probes"]),
  ];
}

function ensureRunbookFits({ runbook, runbookFile, system }: PlanRequest): void {
  if (runbook.system !== system.id) {
    throw new MusterError("BAD_RUNBOOK", {
      message: `${runbookFile}: is written for system "${runbook.system}", the drill is of "${system.id}"`,
      hint: "choose a runbook of the same system",
    });
  }
  if (runbook.mode === "cold" && system.clustered) {
    throw new MusterError("REFUSED", {
      message: `${runbookFile}: a cold procedure on a clustered stack is refused: the vendor documents it for standalone servers only, because nodes stopped one after another share no cut`,
      hint: "use a hot runbook for a cluster",
    });
  }
  const known = new Set([...system.components.map((component) => component.id), "set"]);
  for (const block of runbook.blocks) {
    for (const component of block.components) {
      if (known.has(component)) continue;
      throw new MusterError("BAD_RUNBOOK", {
        message: `${runbookFile}:${block.line}: block "${block.id}" names component "${component}", expected one of ${[...known].join(", ")}`,
        hint: "`./muster list` shows the components of each system",
      });
    }
  }
}

function ensureLoadFits({ drillId, drill: { load }, system }: PlanRequest): void {
  if (load === undefined) return;
  if (system.loadKinds === undefined) {
    throw new MusterError("BAD_ARGUMENT", {
      message: `${drillId}: has the key load, and system "${system.id}" leaves a drill no say in its load`,
      hint: "leave the key out: a hot procedure runs under load all the same",
    });
  }
  for (const kind of load.mix ?? []) {
    if (system.loadKinds.includes(kind)) continue;
    throw new MusterError("BAD_ARGUMENT", {
      message: `${drillId}: load.mix has "${kind}", expected ${system.loadKinds.join(", ")}`,
      hint: "records are created in any case",
    });
  }
}

function ensureHooks({ drill, hooks, runbook }: PlanRequest): void {
  const steps: readonly string[] = runSteps.map(([id]) => id);
  const blocks = runbook.blocks.map(({ part, id }) => `${part}/${id}`);
  for (const { after } of [...drill.hooks, ...hooks]) {
    const names = after.includes("/") ? blocks : steps;
    if (!names.includes(after)) {
      throw new MusterError("BAD_ARGUMENT", {
        message: `hook after:${after}: no such step, expected one of ${names.join(", ")}`,
        hint: "write --hook after:backup='command'",
      });
    }
  }
}
