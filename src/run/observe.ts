import { openTableWriter } from "../check/table-writer.ts";
import { messageOf } from "../core/errors.ts";
import type { Connection } from "../core/system.ts";
import type { StepRow } from "../core/tables.ts";
import type { Gate } from "../core/verdict.ts";
import type { RunContext } from "./context.ts";

/** A reading is repeated once: a time-out is no absence, and a second one is `unknown`. */
const attemptsPerComponent = 2;

/**
 * Observes components at a gate, each into files of its own. A component that could not be read leaves no rows and a
 * step with exit code 1, so that nothing about it can be judged absent.
 * @returns one step row for each component.
 */
export async function observeComponents(
  context: Pick<RunContext, "clock" | "progress" | "signal">,
  options: {
    readonly connection: Connection;
    readonly gate: Gate;
    readonly components: readonly string[];
    readonly tablesFolder: string;
  },
): Promise<StepRow[]> {
  const rows: StepRow[] = [];
  for (const component of options.components) {
    context.signal.throwIfAborted();
    const beganAt = context.clock.nowMs();
    const failure = await observeWithRetry(options, component, (seen) =>
      context.progress.detail(`${component}: ${seen} records`),
    );
    rows.push(observationStep(options.gate, component, beganAt, context.clock.nowMs(), failure));
  }
  return rows;
}

/** The step row of one observation; `failure` undefined means that the component was read completely. */
export function observationStep(
  gate: Gate,
  component: string,
  beganAt: number,
  endedAt: number,
  failure: string | undefined,
): StepRow {
  return {
    phase: "observe",
    id: gate,
    component,
    planned: null,
    position: null,
    began_at: beganAt,
    ended_at: endedAt,
    exit_code: failure === undefined ? 0 : 1,
    message: failure ?? null,
  };
}

async function observeWithRetry(
  options: { readonly connection: Connection; readonly gate: Gate; readonly tablesFolder: string },
  component: string,
  progress: (seen: number) => void,
): Promise<string | undefined> {
  let failure: string | undefined;
  for (let attempt = 1; attempt <= attemptsPerComponent; attempt += 1) {
    failure = await observeOnce(options, component, progress);
    if (failure === undefined) return undefined;
  }
  return failure;
}

async function observeOnce(
  {
    connection,
    gate,
    tablesFolder,
  }: { readonly connection: Connection; readonly gate: Gate; readonly tablesFolder: string },
  component: string,
  progress: (seen: number) => void,
): Promise<string | undefined> {
  const suffix = `${gate}-${component}`;
  // A writer that is given up leaves no file: half a reading is no reading and must not be taken for the whole.
  await using observations = await openTableWriter({ folder: tablesFolder, table: "observations", suffix });
  await using links = await openTableWriter({ folder: tablesFolder, table: "links", suffix });
  let seen = 0;
  try {
    for await (const row of connection.observe(component, gate)) {
      if (row.table === "observations") await observations.append({ ...row, gate, component });
      else await links.append({ ...row, gate, component });
      seen += 1;
      if (seen % 500 === 0) progress(seen);
    }
  } catch (thrown) {
    return messageOf(thrown);
  }
  await observations.close();
  await links.close();
  return undefined;
}
