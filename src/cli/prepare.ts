import { join, resolve, dirname } from "node:path";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { nearestNames } from "../core/drill.ts";
import { MusterError } from "../core/errors.ts";
import type { Fault } from "../core/fault.ts";
import { planDrill, type ControlPlan, type Hook, type Plan } from "../core/plan.ts";
import { orderFaults } from "../core/orders.ts";
import type { Runbook } from "../core/runbook.ts";
import { chooseSettings, type Scale, type System } from "../core/system.ts";
import { packageFolder, type Project } from "../run/project.ts";

export interface PlanOptions {
  readonly runbook?: string;
  readonly seed?: string;
  readonly scale?: Scale;
  readonly controls: string;
  readonly hook?: readonly string[];
  /** `<name>=<value>` of a setting of the system, in place of what the drill file says. */
  readonly set?: readonly string[];
  /** Short for `set` of the setting that says where files live. */
  readonly storage?: string;
}

export interface PreparedDrill {
  readonly plan: Plan;
  readonly system: System;
  readonly runbook: Runbook;
  readonly runbookText: string;
  readonly faults: readonly Fault[];
}

/** Turns words into a plan; everything that can be refused is refused here, before anything is started. */
export async function prepareDrill(
  project: Project,
  drillId: string,
  options: PlanOptions,
): Promise<PreparedDrill> {
  const { drill, file } = await project.loadDrill(drillId);
  const settings = chooseSettings(drill.system, await project.settingsOf(drill.system), {
    ...drill.settings,
    ...parseSettings(wordsOf(options)),
  });
  const system = await project.loadSystem(drill.system, settings);
  const runbookFile =
    options.runbook === undefined ? join(dirname(file), drill.runbook) : resolve(options.runbook);
  const { runbook, text, file: shown } = await project.loadRunbook(runbookFile);
  const faults = [...(await project.loadFaults()), ...orderFaults(runbook)];
  const plan = planDrill({
    drillId,
    drill: { ...drill, settings },
    system,
    runbook,
    runbookFile: shown,
    runbookText: text,
    seed: options.seed === undefined ? undefined : parseSeed(options.seed),
    scale: options.scale,
    controls: chooseControls(options.controls, { faults, system, runbook, byDrill: drill.controls }),
    hooks: (options.hook ?? []).map(parseHook),
  });
  return { plan, system, runbook, runbookText: text, faults };
}

function parseSeed(text: string): number {
  const seed = z.coerce.number().int().nonnegative().safeParse(text);
  if (seed.success) return seed.data;
  throw new MusterError("BAD_ARGUMENT", {
    message: `--seed ${text}: expected a whole number from 0`,
    hint: "the same seed gives the same records",
  });
}

/** `after:<step>=<command>`, the step being one of the run or `<part>/<block>` of its runbook */
export function parseHook(text: string): Hook {
  const match = /^after:([a-z-]+(?:\/[a-z0-9-]+)?)=(.+)$/s.exec(text);
  if (match?.[1] !== undefined && match[2] !== undefined) return { after: match[1], command: match[2] };
  throw new MusterError("BAD_ARGUMENT", {
    message: `--hook ${text}: expected after:<step>=<command>`,
    hint: "for example --hook after:backup='rm \"$BACKUP_DIR\"/files/some-file'",
  });
}

function wordsOf({ set = [], storage }: Pick<PlanOptions, "set" | "storage">): readonly string[] {
  return storage === undefined ? set : [...set, `storage=${storage}`];
}

/** `<name>=<value>` */
function parseSettings(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const match = /^([a-z][a-z-]*)=(.+)$/s.exec(text);
      if (match?.[1] !== undefined && match[2] !== undefined) return [match[1], match[2]];
      throw new MusterError("BAD_ARGUMENT", {
        message: `--set ${text}: expected <setting>=<value>`,
        hint: "`./muster list` shows the settings of each system",
      });
    }),
  );
}

interface ControlChoice {
  readonly faults: readonly Fault[];
  readonly system: System;
  readonly runbook: Runbook;
  readonly byDrill: readonly string[] | undefined;
}

/**
 * Faults that run as controls, and the control without a fault beside them. Where the runbook seals its set with a manifest
 * of its own, each fault runs twice: after the seal, which the runbook can see, and before it, which only the invariants can.
 */
export function chooseControls(
  which: string,
  { faults, system, runbook, byDrill }: ControlChoice,
): ControlPlan[] {
  const seals = runbook.blocks.some(({ role }) => role === "seal");
  // What an artefact is called is known only once a set is there; here components and procedure decide.
  const fitting = faults.filter(
    (fault) => fault.fits(system.components, runbook) && (seals || fault.damages !== "seal"),
  );
  return chooseFaults(which, fitting, byDrill).flatMap((fault) =>
    sealings(fault, seals).map((sealed) => ({ fault: fault.id, sealed })),
  );
}

function sealings(fault: Fault, seals: boolean): readonly boolean[] {
  const { reorder, takenWith, damages, targetIsFull, expected } = fault;
  // Where no file of the set is changed, sealing it again changes nothing either.
  const isSetWhole = takenWith !== undefined || targetIsFull || expected === "nothing";
  if (!seals || damages === "seal" || isSetWhole) return [false];
  // Another order is nothing that a manifest could vouch for: once is enough.
  return reorder === undefined ? [false, true] : [true];
}

function chooseFaults(
  which: string,
  fitting: readonly Fault[],
  byDrill: readonly string[] | undefined,
): readonly Fault[] {
  if (which === "none") return [];
  const orders = fitting.filter(({ id }) => isOrder(id));
  if (which === "orders") return orders;
  if (which === "all") return fitting.filter((fault) => !orders.includes(fault));
  if (which === "default")
    return byDrill === undefined
      ? fitting.filter(({ isDefault }) => isDefault)
      : byDrill.flatMap((id) => (id === "orders" ? orders : [named(id, fitting)]));
  return which.split(",").map((id) => named(id.trim(), fitting));
}

/** Orders are made of the runbook, so there are as many as it has steps: they run only where they are asked for. */
function isOrder(id: string): boolean {
  return id.startsWith("swap-") || id.startsWith("omit-");
}

function named(id: string, fitting: readonly Fault[]): Fault {
  const fault = fitting.find((candidate) => candidate.id === id);
  if (fault !== undefined) return fault;
  const nearest = nearestNames(
    id,
    fitting.map((candidate) => candidate.id),
  );
  throw new MusterError("UNKNOWN_NAME", {
    message: `no fault that fits this system is called "${id}"`,
    hint: nearest.length > 0 ? `nearest: ${nearest.join(", ")}` : "`./muster list` shows the faults",
  });
}

/** Version of Muster, from its package file. */
export async function musterVersion(): Promise<string> {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"))).version;
}
