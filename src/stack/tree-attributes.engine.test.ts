import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docker } from "./docker-client.ts";
import { labelsOf } from "./labels.ts";
import { readVolumeWithAttributes } from "./tree-attributes.ts";
import { mountedAt, readVolume, type VolumeAccess } from "./tree.ts";

/** What S3 servers and others keep in extended attributes is seen on a real volume, and only where it was asked for. */

const volume = `muster-attributes-${process.pid}`;
let access: VolumeAccess;
beforeAll(async () => {
  const images = await docker.listImages({ filters: { reference: ["localhost/muster/debian-trixie"] } });
  const image = images[0]?.RepoTags?.[0];
  if (image === undefined)
    throw new Error("expected image localhost/muster/debian-trixie, found none; type ./muster setup");
  access = { image, volume, labels: labelsOf(volume, "/none") };
  await docker.createVolume({ Name: volume, Labels: { ...access.labels } });
  await fill();
});
afterAll(() => docker.getVolume(volume).remove({ force: true }));

async function fill(): Promise<void> {
  const archive = pack();
  const kept = { "SCHILY.xattr.user.etag": '"5d41"', "SCHILY.xattr.user.delete-marker": "" };
  archive.entry({ name: "bucket/", type: "directory", pax: { "SCHILY.xattr.user.versioning": "\u0001" } });
  archive.entry({ name: "bucket/größe", pax: kept }, "hello");
  archive.entry({ name: "bucket/plain" }, "without");
  archive.finalize();
  const container = await docker.createContainer({
    Image: access.image,
    Entrypoint: ["true"],
    Labels: { ...access.labels },
    HostConfig: { Binds: [`${volume}:${mountedAt}`], NetworkMode: "none" },
  });
  await container.putArchive(Readable.from(archive), { path: mountedAt });
  await container.remove({ force: true });
}

async function entriesOf(read: typeof readVolume, folder: string) {
  const entries = new Map<string, { attributes: unknown; text: string }>();
  for await (const { path, attributes, content } of read(access, folder)) {
    let text = "";
    for await (const chunk of content) text += Buffer.from(chunk).toString();
    entries.set(path, { attributes, text });
  }
  return entries;
}

test("a folder is read with the attributes of its files and its own, bytes and names as they are", async () => {
  expect(Object.fromEntries(await entriesOf(readVolumeWithAttributes, "/bucket"))).toEqual({
    "": { attributes: { versioning: "\u0001" }, text: "" },
    größe: { attributes: { etag: '"5d41"', "delete-marker": "" }, text: "hello" },
    plain: { attributes: {}, text: "without" },
  });
});

test("read without them, they are unknown and not absent", async () => {
  expect((await entriesOf(readVolume, "/bucket")).get("größe")).toEqual({
    attributes: undefined,
    text: "hello",
  });
});

test("a folder that is not there holds nothing, and no container stays", async () => {
  expect((await entriesOf(readVolumeWithAttributes, "/elsewhere")).size).toBe(0);
  const left = await docker.listContainers({ all: true, filters: { volume: [volume] } });
  expect(left).toEqual([]);
});
