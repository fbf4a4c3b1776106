import { createHash } from "node:crypto";
import type { Item } from "./manager-client.ts";

/** What each kind of record is made of, for what is written and for what is read. */

/** Executions carry Muster's own reference in their parameters: the manager gives ids of its own. */
export const referenceParameter = "ref";

/** Digest of content that does not depend on the order of its keys. */
export function digestOf(content: unknown): string {
  return createHash("sha256").update(canonical(content)).digest("hex");
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  const words = entries
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${words.join(",")}}`;
}

/** Id of something that belongs to a tenant. */
export function idIn(tenant: string, name: string): string {
  return `${tenant}/${name}`;
}

export interface SecretContent {
  readonly tenant: string;
  readonly key: string;
  readonly value: string;
}

export function secretDigest({ tenant, key, value }: SecretContent): string {
  return digestOf({ tenant, key, value });
}

export interface DeploymentContent {
  readonly tenant: string;
  readonly id: string;
  readonly blueprint: string;
  readonly inputs: unknown;
}

export function deploymentDigest({ tenant, id, blueprint, inputs }: DeploymentContent): string {
  return digestOf({ tenant, id, blueprint, inputs });
}

export interface ExecutionContent {
  readonly tenant: string;
  readonly workflow: string;
  readonly deployment: string;
  readonly parameters: unknown;
  readonly isDryRun: boolean;
  /** Milliseconds UTC; null where it was to start at once. */
  readonly dueAt: number | null;
}

export function executionDigest(execution: ExecutionContent): string {
  const { tenant, workflow, deployment, parameters, isDryRun, dueAt } = execution;
  return digestOf({ tenant, workflow, deployment, parameters, isDryRun, dueAt });
}

/** Milliseconds UTC of a time as the manager writes it, with or without its zone; null where there is none. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== "string" || value === "") return null;
  const iso = value.replace(" ", "T");
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
}

export function textOf(item: Item, field: string): string {
  const value = item[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Muster's reference of an execution; undefined for those that the manager made by itself. */
export function referenceOf(item: Item): string | undefined {
  const parameters = item["parameters"];
  if (typeof parameters !== "object" || parameters === null) return undefined;
  const found: unknown = Reflect.get(parameters, referenceParameter);
  return typeof found === "string" && found !== "" ? found : undefined;
}
