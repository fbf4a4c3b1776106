import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/** Blueprints as an operator uploads them: a folder with `blueprint.yaml`, zipped. */

/** Times in the archive are the same in every run, so that the same blueprint has the same bytes. */
const archivedAt = new Date("2026-01-01T00:00:00Z");
const folder = "blueprint";
export const mainFile = "blueprint.yaml";

/**
 * A blueprint with one node and the workflows that leave an effect: `nightly` one, `slow` one and then waits, `broken` one
 * and then fails.
 */
function blueprintText(description: string): string {
  return `tosca_definitions_version: cloudify_dsl_1_3
description: ${JSON.stringify(description)}
inputs:
  site: { default: berlin }
node_templates:
  server:
    type: cloudify.nodes.Root
workflows:
  nightly:
    mapping: effects.record
    parameters: { ref: { default: "" }, note: { default: "" } }
  slow:
    mapping: effects.wait
    parameters: { ref: { default: "" }, seconds: { default: 2 } }
  broken:
    mapping: effects.fail
    parameters: { ref: { default: "" } }
`;
}

/** A blueprint ready to be uploaded. */
export interface Archive {
  readonly description: string;
  readonly bytes: Buffer;
}

/** Blueprints that differ in every file, for those that are uploaded to choose from. */
export async function makeArchives(count: number): Promise<readonly Archive[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const description = `Blueprint ${n} – Übersicht`;
      return { description, bytes: await zipBlueprint(description) };
    }),
  );
}

async function zipBlueprint(description: string): Promise<Buffer> {
  const zip = new ZipFile();
  const contents = { [mainFile]: blueprintText(description), "notes.txt": `Notes on ${description}\n` };
  for (const [name, text] of Object.entries(contents))
    zip.addBuffer(Buffer.from(text), `${folder}/${name}`, { mtime: archivedAt, mode: 0o100644 });
  zip.end();
  return await buffer(zip.outputStream);
}
