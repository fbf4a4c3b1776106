import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { badParameters } from "./errors.ts";

/** What a workflow of the stand-in does beyond its log lines. */
const workflowKinds = ["record", "wait", "fail"] as const;

const parameterSchema = z.looseObject({ default: z.unknown().optional() }).nullable();

const workflowSchema = z.union([
  z.string().transform((mapping) => ({ mapping, parameters: {} })),
  z.looseObject({
    mapping: z.string(),
    parameters: z
      .record(z.string(), parameterSchema)
      .nullish()
      .transform((read) => read ?? {}),
  }),
]);

const blueprintSchema = z.looseObject({
  description: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  inputs: z.record(z.string(), parameterSchema).nullish(),
  outputs: z.record(z.string(), z.looseObject({ value: z.unknown() })).nullish(),
  capabilities: z.record(z.string(), z.looseObject({ value: z.unknown() })).nullish(),
  groups: z.record(z.string(), z.unknown()).nullish(),
  node_templates: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        properties: z.record(z.string(), z.unknown()).nullish(),
        capabilities: z
          .looseObject({
            scalable: z
              .looseObject({ properties: z.looseObject({ default_instances: z.number().optional() }) })
              .optional(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  workflows: z.record(z.string(), workflowSchema).nullish(),
});

interface Workflow {
  readonly name: string;
  readonly plugin: string;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, { readonly default?: unknown }>>;
}

/** What a deployment is made from; kept as `plan` of the blueprint. */
export interface Plan {
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly groups: Readonly<Record<string, unknown>>;
  readonly nodes: readonly {
    readonly id: string;
    readonly type: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly instances: number;
  }[];
  readonly workflows: readonly Workflow[];
}

const builtIn: readonly Workflow[] = ["install", "uninstall", "execute_operation"].map((name) => ({
  name,
  plugin: "default_workflows",
  operation: `cloudify.plugins.workflows.${name}`,
  parameters: name === "execute_operation" ? { operation: { default: "" } } : {},
}));

/** Reads the main file of an unpacked blueprint. @throws ApiError 400 naming what is wrong */
export async function readPlan(folder: string, mainFile: string): Promise<Plan> {
  const text = await readFile(join(folder, mainFile), "utf8").catch(() => undefined);
  if (text === undefined) throw badParameters(`${mainFile} does not exist in the application directory`);
  const parsed = blueprintSchema.safeParse(parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badParameters(`Invalid blueprint - ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const read = parsed.data;
  return {
    description: read.description ?? null,
    metadata: read.metadata ?? {},
    inputs: withoutNulls(read.inputs ?? {}),
    outputs: read.outputs ?? {},
    capabilities: read.capabilities ?? {},
    groups: read.groups ?? {},
    nodes: Object.entries(read.node_templates ?? {}).map(([id, template]) => ({
      id,
      type: template.type,
      properties: template.properties ?? {},
      instances: template.capabilities?.scalable?.properties.default_instances ?? 1,
    })),
    workflows: [...builtIn, ...Object.entries(read.workflows ?? {}).map(workflowOf)],
  };
}

function workflowOf([name, { mapping, parameters }]: [string, z.infer<typeof workflowSchema>]): Workflow {
  const dot = mapping.indexOf(".");
  const operation = mapping.slice(dot + 1);
  if (!workflowKinds.some((kind) => kind === operation))
    throw badParameters(
      `Invalid blueprint - workflow ${name}: this stand-in knows ${workflowKinds.map((kind) => `effects.${kind}`).join(", ")}, not ${mapping}`,
    );
  return { name, plugin: mapping.slice(0, dot), operation, parameters: withoutNulls(parameters) };
}

function withoutNulls<T extends object>(
  read: Readonly<Record<string, T | null>>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, value ?? ({} as T)]));
}
