import type { Load } from "./drill.ts";
import { MusterError } from "./errors.ts";
import type { LintSet } from "./set-lint.ts";
import type { StackHandle, StackSpec } from "./stack.ts";
import type { Fact, Firing, Link, Observation, Placement, Schedule } from "./tables.ts";
import type { Gate } from "./verdict.ts";

/** A System is an application under drill: its components, where its records live, and a client of its public API. */

export interface ComponentSpec {
  readonly id: string;
  /** Kind of store behind it; faults say by this name what they fit. */
  readonly store: string;
  /** Service of the stack that holds it. */
  readonly service: string;
  /** Set where nothing can be read of the component while the application is down, as with its `api`. */
  readonly needsApplication?: boolean;
  /** Set where it is read from files, whether or not a server runs: a look at it costs no start. */
  readonly readFromFiles?: boolean;
  /** Set where the component imitates a product that cannot be obtained: what it imitates, and how far. */
  readonly standIn?: string;
}

/** What the operator has beside the data: `.env`, configuration, certificates. Written before the stack goes up. */
export interface DeploymentFile {
  /** Relative to the deployment folder, or to `placedIn.folder`. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** Set where the file lives in a volume of a service instead of the deployment folder. */
  readonly placedIn?: {
    readonly service: string;
    readonly folder: string;
    readonly uid: number;
    readonly gid: number;
  };
}

export interface DeploymentContext {
  /** A secret made for this run; the same name gives the same value within the run. */
  secret(name: string): string;
  /** Image that really runs for a variable of the compose file. */
  image(variable: string): string;
  /** Muster's own copy of the project, to read templates from. */
  readonly projectFolder: string;
}

export type Scale = "small" | "medium" | "large";

export interface WorkloadRequest {
  /**
   * `seed` fills the system; `during` is load while a hot backup is taken, and is ended from outside; `after` writes once
   * the backup is taken; `probe` is harmless commands, the first that a started system gets; `again` proves that the
   * restored system writes.
   */
  readonly epoch: Fact["epoch"];
  readonly seed: number;
  readonly scale: Scale;
  /** What the drill asks of epoch `during`. */
  readonly load?: Load;
}

/** One call of the public API, and the records that it writes. */
export interface Operation {
  /**
   * Records written by this call when it is made as number `seq`. Digests are over the content as the API serves it.
   */
  facts(seq: number): readonly Pick<Fact, "kind" | "id" | "op" | "digest">[];
  /**
   * Makes the call. Throws `OperationRefused` where the application said no and nothing may have changed;
   * anything else thrown (time-out, 5xx, broken connection) leaves the outcome unknown.
   */
  perform(seq: number): Promise<void>;
  /** What the call made due at a time, asked for once it is acknowledged. */
  schedules?(): readonly Omit<Schedule, "registered_at">[];
  /** What the call expected and saw, in words, asked for once it is acknowledged; of epoch `again` the report shows it. */
  saw?(): string;
}

export interface Workload {
  /** Number of operations, for the progress line; Infinity where the lanes do not end by themselves. */
  readonly operations: number;
  /** Calls per second over all lanes; as fast as the answers come where it is left out. */
  readonly perSecond?: number;
  /** Lanes run side by side; operations of one lane run in order. One lane owns a record. */
  readonly lanes: readonly Iterable<Operation>[];
}

export class OperationRefused extends Error {
  override readonly name = "OperationRefused";
}

/**
 * The application takes no such call from anybody, for a reason that says nothing about its data, such as a licence that has
 * ended. Nothing has changed, and nothing was proved either.
 */
export class OperationBarred extends OperationRefused {}

/** What an observer yields: a record, or a reference between records. The kernel adds the gate and the component. */
export type Seen =
  | ({ readonly table: "observations" } & Omit<Observation, "gate" | "component">)
  | ({ readonly table: "links" } & Omit<Link, "gate" | "component">);

/** A client of one stack. */
export interface Connection extends AsyncDisposable {
  /** Waits, with a limit, for an authenticated read through the public API. */
  ready(): Promise<void>;
  workload(request: WorkloadRequest): Workload;
  /** Waits, with a limit, until what was written is visible everywhere it must be. */
  settle(): Promise<void>;
  /**
   * Takes part in the application's work and streams every scheduled execution as it is seen, across restarts and times
   * in which nothing answers, until the signal ends it. Left out where the system has no schedules.
   */
  watch?(signal: AbortSignal): AsyncIterable<Firing>;
  /** Streams what one component holds, read directly from it (`api`: through the public API). */
  observe(component: string, gate: Gate): AsyncIterable<Seen>;
  /**
   * Last part of the destruction receipt: how the public API answers now.
   * `gone` means that it refuses the connection or serves nothing of what was written.
   */
  probeGone(): Promise<{ readonly gone: boolean; readonly detail: string }>;
}

export interface System {
  readonly id: string;
  readonly title: string;
  readonly stack: StackSpec;
  readonly components: readonly ComponentSpec[];
  readonly placements: readonly Placement[];
  /** A cold procedure cannot give a clustered stack one cut: the vendor documents it for standalone servers only. */
  readonly clustered: boolean;
  /** Something of it is due at a time, so the invariants of schedules apply. */
  readonly hasSchedules?: boolean;
  /** Set to false where nothing of what is due comes again and again; without a word a system with schedules has cycles. */
  readonly hasCycles?: boolean;
  /** It has a workload of probes: the first commands after a start are judged. */
  readonly hasProbes?: boolean;
  /** Kinds of call that a drill may choose for the load while a backup is taken; left out where it has no say. */
  readonly loadKinds?: readonly string[];
  /** What a verified run of this system still does not prove. */
  readonly limits: readonly string[];
  deployment(context: DeploymentContext): Promise<readonly DeploymentFile[]>;
  connect(stack: StackHandle, context: ConnectContext): Promise<Connection>;
  /** Judges a listing of backup sets without any server: `muster lint-set`. Left out where a listing tells nothing. */
  readonly lintSet?: LintSet;
}

export interface ConnectContext extends Pick<DeploymentContext, "secret"> {
  /** What a client keeps between the connections of one run, outside the system: for example keys that were given out. */
  readonly memory: Map<string, unknown>;
  /** Keeps a file of what was looked at, such as a picture, with the evidence; `path` is relative to that. */
  keepEvidence(path: string, content: Uint8Array): Promise<void>;
}

/** A choice that a system leaves to the drill, such as where files live. Without a word the first value holds. */
export interface Setting {
  readonly values: readonly [string, ...string[]];
  readonly meaning: string;
}

/** A system in variants: its settings, and the system that a choice of every one of them makes. */
export interface SystemVariants<Name extends string = string> {
  readonly settings: Readonly<Record<Name, Setting>>;
  system(chosen: Readonly<Record<Name, string>>): System;
}

/** Gives a module of a system with settings its type, in place of `defineSystem`. */
export function defineVariants<Name extends string>(variants: SystemVariants<Name>): SystemVariants<Name> {
  return variants;
}

/**
 * @returns a value for every setting of the system, the chosen ones among them
 * @throws MusterError BAD_ARGUMENT where a setting or a value is not one that the system offers.
 */
export function chooseSettings(
  systemId: string,
  offered: Readonly<Record<string, Setting>>,
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name, value] of Object.entries(wanted)) {
    const values = offered[name]?.values;
    if (values?.includes(value) === true) continue;
    const names = Object.keys(offered).join(", ");
    throw new MusterError("BAD_ARGUMENT", {
      message:
        values === undefined
          ? `${systemId} has no setting "${name}"`
          : `${systemId}: setting ${name} is "${value}", expected ${values.join(" or ")}`,
      hint: names === "" ? "this system leaves no choice to a drill" : `settings of ${systemId}: ${names}`,
    });
  }
  return Object.fromEntries(
    Object.entries(offered).map(([name, { values }]) => [name, wanted[name] ?? values[0]]),
  );
}

/** Gives a system module its type; the default export of `src/systems/<system>/system.ts`. */
export function defineSystem(system: System): System {
  return system;
}
