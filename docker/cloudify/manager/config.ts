import { hostname } from "node:os";
import { z } from "zod";

/** How scheduled executions are kept: rows with a message in a dead-letter queue (5.0.5 to 5.2), or a table of schedules (5.3 and later). */
type Profile = "cfy5" | "cfy6";

/** `seed`: as the published procedure promises. `code`: with the hazards of the published software. */
export type Conformance = "seed" | "code";

const text = z.string().min(1);

const environmentSchema = z.object({
  POSTGRES_HOST: text.default("postgres"),
  POSTGRES_PASSWORD: text,
  RABBITMQ_HOST: text.default("rabbitmq"),
  RABBITMQ_PASSWORD: text,
  ADMIN_PASSWORD: text,
  EFFECTS_URL: z.url().default("http://effects:8080"),
  CLOUDIFY_PROFILE: z.enum(["cfy5", "cfy6"]).default("cfy5"),
  CLOUDIFY_CONFORMANCE: z.enum(["seed", "code"]).default("seed"),
  CLOUDIFY_SCHEDULER_POLL_SECONDS: z.coerce.number().positive().default(60),
  CLOUDIFY_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  CLOUDIFY_STOP_AT: z.string().default(""),
  CLOUDIFY_OMIT_STEP: z.string().default(""),
  MANAGER_ROOT: text.default("/opt/manager"),
  MANAGER_PORT: z.coerce.number().int().default(80),
});

export interface Config {
  readonly postgres: {
    readonly host: string;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  };
  readonly rabbitmq: { readonly host: string; readonly user: string; readonly password: string };
  readonly adminPassword: string;
  readonly effectsUrl: string;
  readonly profile: Profile;
  readonly conformance: Conformance;
  readonly schedulerPollMs: number;
  readonly clockOffsetMs: number;
  /** `before:<step>` or `after:<step>` of a restore, `hold:` before it to wait there; empty for none. */
  readonly stopAt: string;
  /** Step of a restore that is left out; empty for none. */
  readonly omittedStep: string;
  /** Folder with `rest-security.conf` and the file server's trees. */
  readonly root: string;
  readonly port: number;
  readonly hostname: string;
  /** What snapshots and `/version` name. */
  readonly version: string;
}

const versions: Readonly<Record<Profile, string>> = { cfy5: "5.1.0", cfy6: "6.4.0" };

/** An empty variable counts as absent. @throws Error naming the variable */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`environment variable ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const read = parsed.data;
  return {
    postgres: {
      host: read.POSTGRES_HOST,
      user: "cloudify",
      password: read.POSTGRES_PASSWORD,
      database: "cloudify_db",
    },
    rabbitmq: { host: read.RABBITMQ_HOST, user: "cloudify", password: read.RABBITMQ_PASSWORD },
    adminPassword: read.ADMIN_PASSWORD,
    effectsUrl: read.EFFECTS_URL,
    profile: read.CLOUDIFY_PROFILE,
    conformance: read.CLOUDIFY_CONFORMANCE,
    schedulerPollMs: read.CLOUDIFY_SCHEDULER_POLL_SECONDS * 1000,
    clockOffsetMs: read.CLOUDIFY_CLOCK_OFFSET_MS,
    stopAt: read.CLOUDIFY_STOP_AT,
    omittedStep: read.CLOUDIFY_OMIT_STEP,
    root: read.MANAGER_ROOT,
    port: read.MANAGER_PORT,
    hostname: hostname(),
    version: versions[read.CLOUDIFY_PROFILE],
  };
}
