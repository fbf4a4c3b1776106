import { createHash } from "node:crypto";
import { seededRandom, type Random } from "../../core/random.ts";
import type { Operation, Workload, WorkloadRequest } from "../../core/system.ts";
import { digestNote, type NotebookClient } from "./note.ts";

const notesByScale = { small: 40, medium: 400, large: 4000 } as const;
/** Under a hot backup clients go on writing until they are told to stop; this is more than they get to. */
const notesUnderLoad = 2000;
/** The fourth brings an attachment of its own, so that files of two backups differ. */
const notesLater = 4;
const writesPerSecondUnderLoad = 100;
const words = [
  "harvest",
  "ledger",
  "tide",
  "compass",
  "Übung",
  "mañana",
  "砂時計",
  "lantern",
  "archive",
  "ferry",
] as const;

/** Notes with and without attachments, some updated, some deleted; the same seed gives the same notes. */
export function notebookWorkload({ epoch, seed, scale }: WorkloadRequest, client: NotebookClient): Workload {
  const random = seededRandom(seed).fork(epoch);
  const count = epoch === "seed" ? notesByScale[scale] : epoch === "during" ? notesUnderLoad : notesLater;
  const operations = Array.from({ length: count }, (_, index) =>
    noteLife(`${epoch}-note-${index}`, index, random.fork(`note ${index}`), client),
  ).flat();
  if (epoch === "again")
    operations.push(...operations.splice(0).map((operation) => readBack(operation, client)));
  return {
    operations: operations.length,
    lanes: [operations],
    ...(epoch === "during" ? { perSecond: writesPerSecondUnderLoad } : {}),
  };
}

/** Every note is created; every fourth is changed, every tenth deleted. */
function noteLife(id: string, index: number, random: Random, client: NotebookClient): Operation[] {
  const isShared = index % 9 === 0;
  const attachment =
    index % 3 === 0
      ? Buffer.from(`attachment ${isShared ? "shared by several notes" : `${id} ${random.whole(1e9)}`}`)
      : undefined;
  const life = [write(id, "create", random, attachment, client)];
  if (index % 4 === 1) life.push(write(id, "update", random, attachment, client));
  if (index % 10 === 2) life.push(remove(id, isShared ? undefined : attachment, client));
  return life;
}

function write(
  id: string,
  op: "create" | "update",
  random: Random,
  attachment: Buffer | undefined,
  client: NotebookClient,
): Operation {
  const text = Array.from({ length: 6 }, () => random.pick(words)).join(" ");
  const sha256 = attachment === undefined ? null : sha256Of(attachment);
  return {
    facts: () => [
      { kind: "note", id, op, digest: digestNote({ text, attachment: sha256 }) },
      ...(sha256 === null ? [] : [{ kind: "blob", id: sha256, op, digest: sha256 }]),
    ],
    perform: async (seq) => {
      await client.call("PUT", `/notes/${id}`, {
        version: seq,
        text,
        ...(attachment === undefined ? {} : { attachment: attachment.toString("base64") }),
      });
    },
  };
}

/** A file goes with the last note that refers to it: one of its own goes with its note. */
function remove(id: string, own: Buffer | undefined, client: NotebookClient): Operation {
  return {
    facts: () => [
      { kind: "note", id, op: "delete", digest: null },
      ...(own === undefined
        ? []
        : [{ kind: "blob", id: sha256Of(own), op: "delete" as const, digest: null }]),
    ],
    perform: async () => {
      await client.call("DELETE", `/notes/${id}`);
    },
  };
}

/** After the restore a write counts only once it was read back. */
function readBack(operation: Operation, client: NotebookClient): Operation {
  return {
    facts: (seq) => operation.facts(seq),
    perform: async (seq) => {
      await operation.perform(seq);
      const fact = operation.facts(seq)[0];
      if (fact === undefined || fact.op === "delete") return;
      const note: unknown = await client.call("GET", `/notes/${fact.id}`);
      if (typeof note !== "object" || note === null || !("version" in note) || note.version !== seq)
        throw new Error(
          `note ${fact.id} was written as version ${seq}, but reads back as ${JSON.stringify(note)}`,
        );
    },
  };
}

function sha256Of(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
