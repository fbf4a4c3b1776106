import type { Receipt } from "./tables.ts";

/** The port through which the kernel, systems and faults see running software. `src/stack` implements it. */

/** How a system's software is brought up. */
export type StackSpec =
  | {
      readonly kind: "compose";
      /** Compose file, relative to the project folder. */
      readonly composeFile: string;
      /** Environment variable of the compose file → folder of `docker/images` that can build it. */
      readonly images: Readonly<Record<string, string>>;
      /** Services that hold state and can run while the application is down. */
      readonly storeServices: readonly string[];
      /**
       * What an operator does once, when the stores of a new installation run and before the application does: words of
       * `docker compose`. Each is repeated until it ends well, since a server that was just made may not let anybody in yet.
       */
      readonly installation?: readonly (readonly string[])[];
    }
  | {
      readonly kind: "directory";
      /** Program of the deployment folder that is called with `start` and `stop`. */
      readonly program: string;
    };

/** One file, folder or link of a service's file system; `content` is empty unless it is a file. */
export interface TreeEntry {
  /** Path relative to the folder that was read, with forward slashes. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "other";
  readonly bytes: number;
  /** Permission bits only, e.g. 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Extended attributes of the namespace `user`, without that word; undefined where they were not asked for. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Must be drained before the next entry is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is needed to look at software: enough for a system's observers. */
export interface StackHandle {
  readonly projectName: string;
  /** Address of a service's port as seen from this machine. */
  endpoint(service: string, port: number): Promise<{ readonly host: string; readonly port: number }>;
  isRunning(service: string): Promise<boolean>;
  /**
   * Streams a folder of a service, whether or not the service runs. Yields nothing where the folder is absent. With
   * attributes, the folder itself comes too, as the path "".
   */
  readTree(
    service: string,
    folder: string,
    options?: { readonly withAttributes: boolean },
  ): AsyncIterable<TreeEntry>;
}

/** What really ran, for the report. */
export interface ComponentImage {
  readonly service: string;
  readonly image: string;
  readonly digest: string;
}

/** A stack that the kernel owns: it can be brought up, looked at on forks, destroyed with proof, and removed. */
export interface Stack extends StackHandle {
  /** The operator's folder: compose file, environment. Runbook blocks are run in it. */
  readonly deploymentFolder: string;
  /** Starts everything and waits for health, with a limit. */
  up(): Promise<void>;
  /** Variables for runbook blocks and hooks: COMPOSE_PROJECT_NAME, COMPOSE_FILE, `<SERVICE>_URL` and the like. */
  environment(): Promise<Readonly<Record<string, string>>>;
  images(): Promise<readonly ComponentImage[]>;
  anyRunning(): Promise<boolean>;
  /** True while nothing of the stack exists yet: no container, no volume, no file in the deployment folder. */
  isUntouched(): Promise<boolean>;
  /** Forks every volume and starts only what `services` names on the forks; everything is removed on disposal. */
  forkForLooking(services: readonly string[]): Promise<Look>;
  /** Removes containers, volumes, networks and the deployment folder, and proves by query that they are gone. */
  destroy(): Promise<readonly Receipt[]>;
  /** Writes the log of every container into the folder. */
  collectLogs(folder: string): Promise<void>;
  /** Tries to reach the outside from inside; undefined where the stack has no network of its own. */
  probeIsolation(): Promise<{ readonly isolated: boolean; readonly detail: string } | undefined>;
  /** Removes everything that is left, by label. */
  down(): Promise<void>;
}

export interface Look extends AsyncDisposable {
  readonly stack: StackHandle;
  /** `overlay` in constant time, `copy` where overlay volumes are refused, `live` where the stack itself is looked at. */
  readonly method: "overlay" | "copy" | "live";
}
