import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MusterError, messageOf } from "../core/errors.ts";
import type { Look, Stack, StackHandle } from "../core/stack.ts";
import type { ComponentSpec, Connection } from "../core/system.ts";
import type { StepRow } from "../core/tables.ts";
import type { Gate } from "../core/verdict.ts";
import type { RunContext } from "./context.ts";
import { observationStep, observeComponents } from "./observe.ts";
import { writeTable } from "./tables.ts";

/**
 * Waits until the application answers and has settled; an interruption ends the waiting at once. `whenReady` comes between
 * the two: the first commands of all.
 */
export async function untilSettled(
  context: RunContext,
  stack: StackHandle,
  whenReady: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await using connection = await connectTo(context, stack);
  const { signal } = context;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener(
      "abort",
      () => reject(new MusterError("INTERRUPTED", { message: "the run was interrupted" })),
      { once: true },
    );
  });
  await Promise.race([
    connection
      .ready()
      .then(whenReady)
      .then(() => connection.settle()),
    aborted,
  ]);
}

/** A client of a stack, the run's own or that of a control. Only where it looks is there a folder for what it keeps. */
export async function connectTo(
  context: Pick<RunContext, "system" | "secrets" | "memory">,
  stack: StackHandle,
  evidenceFolder?: string,
): Promise<Connection> {
  const { secrets, memory } = context;
  return await context.system.connect(stack, {
    secret: (name) => secrets.secret(name),
    memory,
    keepEvidence: async (path, content) => {
      if (evidenceFolder === undefined) return;
      await mkdir(dirname(join(evidenceFolder, path)), { recursive: true });
      await writeFile(join(evidenceFolder, path), content);
    },
  });
}

/** Observes every component of a stack at a gate, and says in words what could not be read. */
export async function observeGate(
  context: RunContext,
  options: {
    readonly stack: StackHandle;
    readonly gate: Gate;
    readonly tablesFolder: string;
    readonly only?: readonly ComponentSpec[];
  },
): Promise<string> {
  const { gate, stack, tablesFolder, only } = options;
  // Beside the tables: what a control leaves stays with the control.
  const evidenceFolder = join(dirname(tablesFolder), "evidence");
  await using connection = await connectTo(context, stack, evidenceFolder);
  const components = only?.map(({ id }) => id) ?? componentsAt(context, gate);
  const rows = await observeComponents(context, { connection, gate, components, tablesFolder });
  await saveSteps(context, tablesFolder, gate, rows);
  const unread = rows.filter(({ exit_code: exitCode }) => exitCode !== 0);
  return unread.map(({ component, message }) => `could not read ${component}: ${message ?? ""}`).join("; ");
}

/** Gate `restored` without starting any server: of what is read from files, and of nothing else. */
export async function lookAtFiles(
  context: RunContext,
  stack: Pick<Stack, "forkForLooking">,
  tablesFolder: string,
): Promise<void> {
  const only = context.system.components.filter(({ readFromFiles }) => readFromFiles === true);
  await using look = await stack.forkForLooking([]);
  await observeGate(context, { stack: look.stack, gate: "restored", tablesFolder, only });
}

/**
 * Gate `restored`: the application stays down. Where nothing runs, forks of the volumes are looked at, so that looking
 * changes nothing. A store that does not start on what was restored is the subject's failure: then nothing there was read.
 */
export async function lookAtRestored(
  context: RunContext,
  stack: Pick<Stack, "forkForLooking">,
  tablesFolder: string,
): Promise<{ readonly method: Look["method"] | "none"; readonly problem: string }> {
  const spec = context.system.stack;
  const looking = { gate: "restored" as const, tablesFolder };
  try {
    await using look = await stack.forkForLooking(spec.kind === "compose" ? spec.storeServices : []);
    const problem = await observeGate(context, { ...looking, stack: look.stack });
    return { method: look.method, problem };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const problem = messageOf(thrown);
    try {
      // What lies in files can be read without any server.
      await using look = await stack.forkForLooking([]);
      const unread = await observeGate(context, { ...looking, stack: look.stack });
      return { method: look.method, problem: `${problem}; ${unread}` };
    } catch {
      context.signal.throwIfAborted();
      const at = context.clock.nowMs();
      const rows = componentsAt(context, "restored").map((id) =>
        observationStep("restored", id, at, at, problem),
      );
      await saveSteps(context, tablesFolder, "restored", rows);
      return { method: "none", problem };
    }
  }
}

function componentsAt(context: RunContext, gate: Gate): string[] {
  const readable = context.system.components.filter(
    ({ id, needsApplication }) => gate !== "restored" || (id !== "api" && needsApplication !== true),
  );
  return readable.map(({ id }) => id);
}

/** Writes step rows, secrets removed from what was said. */
export async function saveSteps(
  context: Pick<RunContext, "secrets">,
  tablesFolder: string,
  suffix: string,
  rows: readonly StepRow[],
): Promise<void> {
  const clean = rows.map((row) => ({
    ...row,
    message: row.message === null ? null : context.secrets.redact(row.message),
  }));
  await writeTable({ folder: tablesFolder, table: "steps", suffix }, clean);
}
