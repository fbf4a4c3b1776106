import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { unpack } from "./archive.ts";
import { badParameters } from "./errors.ts";

/** What a wagon says of itself in its `package.json`. Source: the wagon package's own README. */
const packageSchema = z.looseObject({ package_name: z.string(), package_version: z.string() });

interface Wagon {
  readonly packageName: string;
  readonly packageVersion: string;
  /** Name of the wagon's file; undefined where the upload is the wagon itself. */
  readonly wagonName: string | undefined;
  /** The plugin's yaml, where one came along. */
  readonly yaml: string | undefined;
}

/** Reads an uploaded plugin: a wagon, or a zip with a wagon and its yaml. @throws ApiError 400 */
export async function readWagon(upload: string, workFolder: string): Promise<Wagon> {
  const outer = join(workFolder, "outer");
  await unpack(upload, outer);
  const names = await readdir(outer, { recursive: true });
  const wagonName = names.find((name) => name.endsWith(".wgn"));
  const yamlName = names.find((name) => /\.ya?ml$/.test(name));
  const folder = wagonName === undefined ? outer : join(workFolder, "wagon");
  if (wagonName !== undefined) await unpack(join(outer, wagonName), folder);
  const inner = await readdir(folder, { recursive: true });
  const description = inner.filter((name) => basename(name) === "package.json").toSorted()[0];
  if (description === undefined)
    throw badParameters("the plugin's archive holds no wagon with a package.json");
  const read = packageSchema.parse(JSON.parse(await readFile(join(folder, description), "utf8")));
  return {
    packageName: read.package_name,
    packageVersion: read.package_version,
    wagonName: wagonName === undefined ? undefined : basename(wagonName),
    yaml: yamlName === undefined ? undefined : await readFile(join(outer, yamlName), "utf8"),
  };
}
