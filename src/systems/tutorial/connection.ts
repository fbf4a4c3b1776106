import { createHash } from "node:crypto";
import { z } from "zod";
import { MusterError, messageOf } from "../../core/errors.ts";
import type { StackHandle } from "../../core/stack.ts";
import type { Connection, Seen } from "../../core/system.ts";
import { OperationRefused } from "../../core/system.ts";
import { digestTree, textOf } from "../../stores/files.ts";
import { readSqliteRows } from "../../stores/sqlite.ts";
import { digestNote, type NotebookClient } from "./note.ts";
import { notebookWorkload } from "./workload.ts";

const noteSchema = z.object({
  id: z.string(),
  version: z.int(),
  text: z.string(),
  attachment: z.string().nullable(),
});
const indexLineSchema = z.object({
  id: z.string(),
  version: z.int().optional(),
  words: z.array(z.string()).optional(),
  deleted: z.boolean().optional(),
});
const requestLimitMs = 5000;
const readyLimitMs = 10_000;

export async function connectNotebook(stack: StackHandle, token: string): Promise<Connection> {
  // Kept from before the disaster, so that afterwards the old address can be shown to be dead.
  const address = (await stack.isRunning("notebook")) ? await stack.endpoint("notebook", 0) : undefined;
  const client: NotebookClient = {
    call: async (method, path, body) => {
      if (address === undefined)
        throw new MusterError("STACK_FAILED", { message: "the notebook does not run" });
      const response = await fetch(`http://${address.host}:${address.port}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(requestLimitMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status >= 400 && response.status < 500)
        throw new OperationRefused(`${method} ${path} was refused with ${response.status}: ${text}`);
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
  };
  return {
    ready: () => waitUntilAnswering(client),
    workload: (request) => notebookWorkload(request, client),
    settle: () => Promise.resolve(),
    observe: (component) => observers(stack, client)[component]?.() ?? unknownComponent(component),
    probeGone: async () => {
      const answer = await client.call("GET", "/notes").catch((thrown: unknown) => thrown);
      const gone = answer instanceof Error && !(answer instanceof OperationRefused);
      return { gone, detail: gone ? `refused the connection (${messageOf(answer)})` : "still answers" };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function waitUntilAnswering(client: NotebookClient): Promise<void> {
  const beganAt = performance.now();
  for (;;) {
    try {
      z.array(noteSchema).parse(await client.call("GET", "/notes"));
      return;
    } catch (cause) {
      if (performance.now() - beganAt > readyLimitMs)
        throw new MusterError("TIMEOUT", {
          message: `the notebook gave no list of notes within ${readyLimitMs} ms (last: ${messageOf(cause)})`,
          cause,
        });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function unknownComponent(component: string): never {
  throw new MusterError("HARNESS", { message: `the notebook has no component ${component}` });
}

function observers(
  stack: StackHandle,
  client: NotebookClient,
): Readonly<Record<string, () => AsyncIterable<Seen>>> {
  return {
    attachments: async function* () {
      for await (const file of digestTree(stack.readTree("notebook", "data/attachments"))) {
        yield {
          table: "observations",
          kind: "blob",
          id: file.path,
          digest: file.sha256,
          seq: null,
          bytes: file.bytes,
        };
      }
    },
    settings: async function* () {
      for await (const file of digestTree(stack.readTree("notebook", "settings"))) {
        yield {
          table: "observations",
          kind: "setting",
          id: file.path,
          digest: file.sha256,
          seq: null,
          bytes: file.bytes,
        };
      }
    },
    rows: async function* () {
      const rows = readSqliteRows(
        stack.readTree("notebook", "data/rows"),
        "notebook.sqlite",
        "SELECT id, version, text, attachment FROM notes ORDER BY id",
      );
      for await (const row of rows) {
        yield* seenOf(noteSchema.parse(row));
      }
    },
    search: () => observeIndex(stack),
    api: async function* () {
      for (const note of z.array(noteSchema).parse(await client.call("GET", "/notes"))) {
        yield* seenOf(note);
      }
    },
  };
}

/** What a note shows of itself, and its reference to an attachment: the same from the rows and from the API. */
function* seenOf(note: z.infer<typeof noteSchema>): Iterable<Seen> {
  const { id, version, text, attachment } = note;
  yield {
    table: "observations",
    kind: "note",
    id,
    digest: digestNote(note),
    seq: version,
    bytes: text.length,
  };
  if (attachment === null) return;
  yield {
    table: "links",
    from_kind: "note",
    from_id: id,
    to_component: "attachments",
    to_kind: "blob",
    to_id: attachment,
    label: "attachment",
  };
}

/** The last line about a note counts; a deleted one is no longer in the index. */
async function* observeIndex(stack: StackHandle): AsyncIterable<Seen> {
  const entries = new Map<string, z.infer<typeof indexLineSchema>>();
  for await (const entry of stack.readTree("notebook", "data/search")) {
    for (const line of (await textOf(entry.content)).split("\n").filter(Boolean)) {
      const parsed = indexLineSchema.parse(JSON.parse(line));
      entries.set(parsed.id, parsed);
    }
  }
  for (const { id, version, words, deleted } of entries.values()) {
    if (deleted === true) continue;
    const digest = createHash("sha256").update(JSON.stringify(words)).digest("hex");
    yield { table: "observations", kind: "note", id, digest, seq: version ?? null, bytes: null };
  }
}
