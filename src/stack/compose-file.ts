import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import type { RunLabels } from "./labels.ts";

/** What Muster must know of a compose file, and the override that it lays over it. */

const volumeMountSchema = z.union([
  z.string().transform((text) => {
    const [source = "", target = ""] = text.split(":");
    return { source, target };
  }),
  z.looseObject({ source: z.string(), target: z.string() }),
]);

const composeSchema = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      volumes: z.array(volumeMountSchema).default([]),
      profiles: z.array(z.string()).default([]),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()).default({}),
  networks: z.record(z.string(), z.unknown()).default({}),
});

export type ComposeFile = z.infer<typeof composeSchema>;

/** @throws MusterError STACK_FAILED when the file is not a compose file. */
export async function readComposeFile(path: string): Promise<ComposeFile> {
  const parsed = composeSchema.safeParse(parse(await readFile(path, "utf8"), { merge: true }));
  if (parsed.success) return parsed.data;
  throw new MusterError("STACK_FAILED", {
    message: `${path}: is not a compose file that Muster understands (${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message})`,
    hint: "each service needs an image; volumes are named",
  });
}

/**
 * What an entry such as `${IMAGE:-default}` or `${IMAGE:?why it is needed}` stands for.
 * @param environment text of the `.env` beside the compose file
 */
export function fillVariable(written: string, environment: string): string {
  const variable = /^\$\{(\w+)(?::([-?])(.*))?\}$/.exec(written);
  if (variable === null) return written;
  const [, name = "", form, rest = ""] = variable;
  const line = environment.split("\n").find((candidate) => candidate.startsWith(`${name}=`));
  if (line !== undefined && line !== `${name}=`) return line.slice(name.length + 1);
  return form === "-" ? rest : written;
}

/** The named volume below which a folder of a service lies, and the folder's place in it. */
export function volumeOfFolder(
  file: ComposeFile,
  service: string,
  folder: string,
): { volume: string; inner: string } {
  const mounts = file.services[service]?.volumes ?? [];
  const mount = mounts
    .filter(
      ({ source, target }) =>
        source in file.volumes && (folder === target || folder.startsWith(`${target}/`)),
    )
    .toSorted((left, right) => right.target.length - left.target.length)[0];
  if (mount === undefined) {
    throw new MusterError("STACK_FAILED", {
      message: `folder ${folder} of service "${service}" is in no named volume`,
      hint: "every folder that holds state must be a named volume in the compose file",
    });
  }
  return { volume: mount.source, inner: folder.slice(mount.target.length) };
}

/**
 * Writes the override: labels on everything; where `externalVolumes` is given, those volumes in place of the project's own.
 */
export async function writeOverride(
  file: ComposeFile,
  options: {
    readonly path: string;
    readonly labels: RunLabels;
    readonly externalVolumes?: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const labels = { ...options.labels };
  const override = {
    services: Object.fromEntries(Object.keys(file.services).map((name) => [name, { labels }])),
    volumes: Object.fromEntries(
      Object.keys(file.volumes).map((name) => {
        const external = options.externalVolumes?.get(name);
        return [name, external === undefined ? { labels } : { name: external, external: true }];
      }),
    ),
    networks: Object.fromEntries(Object.keys(file.networks).map((name) => [name, { labels }])),
  };
  await writeFile(options.path, stringify(override));
}

export function overrideFileIn(folder: string): string {
  return join(folder, "muster.override.yaml");
}
