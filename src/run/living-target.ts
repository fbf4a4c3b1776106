import { join } from "node:path";
import { controlSources, livingTargetFolder, sourcesOf } from "../check/sources.ts";
import { countTarget, type TargetCount } from "../check/target-counts.ts";
import { MusterError } from "../core/errors.ts";
import type { FaultEffect } from "../core/fault.ts";
import type { Stack } from "../core/stack.ts";
import type { RunContext } from "./context.ts";
import { observeGate } from "./gate.ts";

/** What a target in use holds whose servers live on: counted before a restore and after it. */

/** A target whose stores run while it is restored into; its records were read when it was looked at first. */
export class LivingTarget {
  readonly #context: RunContext;
  readonly #stack: Stack;
  /** Tables of the control. */
  readonly #tables: string;

  private constructor(context: RunContext, stack: Stack, tables: string) {
    this.#context = context;
    this.#stack = stack;
    this.#tables = tables;
  }

  /**
   * Counts what lives in the target, and keeps it beside the control's tables.
   * @returns undefined where no server runs: then nothing lives that could be read as it is.
   * @throws MusterError HARNESS where something cannot be read: what is lost could not be told then.
   */
  static async count(context: RunContext, stack: Stack, tables: string): Promise<LivingTarget | undefined> {
    if (!(await stack.anyRunning())) return undefined;
    const unread = await observeGate(context, {
      stack,
      gate: "restored",
      tablesFolder: livingTargetFolder(tables),
    });
    if (unread !== "")
      throw new MusterError("HARNESS", { message: `the living target could not be counted: ${unread}` });
    return new LivingTarget(context, stack, tables);
  }

  /** Counts again where a restore refused. @returns each component before and after, and whether all is as it was. */
  async countAgain(): Promise<{ readonly counts: readonly FaultEffect[]; readonly isAsItWas: boolean }> {
    const folder = join(this.#tables, "..", "target-after");
    const unread = await observeGate(this.#context, {
      stack: this.#stack,
      gate: "restored",
      tablesFolder: folder,
    });
    const { placements, target_records } = await this.#sources();
    const counts = await countTarget({ ...(await sourcesOf(folder)), placements, target_records });
    const isAsItWas = unread === "" && counts.length > 0 && counts.every(({ changed }) => changed === 0);
    return { counts: counts.map(effectOf), isAsItWas };
  }

  /** Each component before the restore and at gate `restored`, from the control's tables. */
  async compare(): Promise<readonly FaultEffect[]> {
    return (await countTarget(await this.#sources())).map(effectOf);
  }

  async #sources() {
    return await controlSources(join(this.#context.runFolder, "tables"), this.#tables);
  }
}

function effectOf({ component, before, after, changed }: TargetCount): FaultEffect {
  const words = changed === 0 ? "all as they were" : `${changed} of those before gone or changed`;
  return {
    subject: `living target, ${component}`,
    before: `${before} records`,
    after: `${after} records, ${words}`,
  };
}
