import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * The application of the tutorial: a notebook. Notes are rows in SQLite, attachments are files named by their SHA-256,
 * and a search index is a file of its own, so that the three can come apart as they do in larger applications.
 * Started in the deployment folder; writes `run/notebook.json` once it listens.
 */
const folder = process.cwd();
const settings: { token: string } = JSON.parse(readFileSync(join(folder, "settings/notebook.json"), "utf8"));
mkdirSync(join(folder, "data/rows"), { recursive: true });
mkdirSync(join(folder, "data/attachments"), { recursive: true });
mkdirSync(join(folder, "data/search"), { recursive: true });
const database = new DatabaseSync(join(folder, "data/rows/notebook.sqlite"));
database.exec(
  "CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL, attachment TEXT)",
);
const indexFile = join(folder, "data/search/index.jsonl");
if (!existsSync(indexFile)) writeFileSync(indexFile, "");

interface Note {
  readonly id: string;
  readonly version: number;
  readonly text: string;
  readonly attachment: string | null;
}

function readNote(id: string): Note | undefined {
  const row = database.prepare("SELECT id, version, text, attachment FROM notes WHERE id = ?").get(id);
  return row === undefined
    ? undefined
    : {
        id: String(row["id"]),
        version: Number(row["version"]),
        text: String(row["text"]),
        attachment: row["attachment"] === null ? null : String(row["attachment"]),
      };
}

/** The attachment is written first and the row second, the index last: a reader never meets a row without its file. */
function saveNote(id: string, body: { version: number; text: string; attachment?: string }): void {
  const content = body.attachment === undefined ? undefined : Buffer.from(body.attachment, "base64");
  const digest = content === undefined ? null : createHash("sha256").update(content).digest("hex");
  if (content !== undefined) writeFileSync(join(folder, "data/attachments", digest ?? ""), content);
  database
    .prepare(
      "INSERT INTO notes (id, version, text, attachment) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, text = excluded.text, attachment = excluded.attachment",
    )
    .run(id, body.version, body.text, digest);
  appendFileSync(
    indexFile,
    `${JSON.stringify({ id, version: body.version, words: body.text.toLowerCase().split(/\W+/u) })}\n`,
  );
}

function deleteNote(note: Note): void {
  if (note.attachment !== null) {
    const sharing = database
      .prepare("SELECT count(*) AS n FROM notes WHERE attachment = ?")
      .get(note.attachment);
    if (Number(sharing?.["n"]) === 1)
      rmSync(join(folder, "data/attachments", note.attachment), { force: true });
  }
  database.prepare("DELETE FROM notes WHERE id = ?").run(note.id);
  appendFileSync(indexFile, `${JSON.stringify({ id: note.id, deleted: true })}\n`);
}

function search(word: string): string[] {
  const found = new Map<string, boolean>();
  for (const line of readFileSync(indexFile, "utf8").split("\n").filter(Boolean)) {
    const entry: { id: string; words?: string[] } = JSON.parse(line);
    found.set(entry.id, entry.words?.includes(word) ?? false);
  }
  return [...found].filter(([, matches]) => matches).map(([id]) => id);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://notebook");
  const reply = (status: number, body?: unknown) =>
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(body === undefined ? "" : JSON.stringify(body));
  if (request.headers.authorization !== `Bearer ${settings.token}`)
    return void reply(401, { message: "wrong token" });
  if (url.pathname === "/notes")
    return void reply(
      200,
      database.prepare("SELECT id, version, text, attachment FROM notes ORDER BY id").all(),
    );
  if (url.pathname === "/search") return void reply(200, search(url.searchParams.get("word") ?? ""));
  const id = decodeURIComponent(/^\/notes\/([^/]+)$/.exec(url.pathname)?.[1] ?? "");
  const note = readNote(id);
  if (request.method === "PUT") {
    saveNote(id, JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()));
    return void reply(note === undefined ? 201 : 200);
  }
  if (note === undefined) return void reply(404, { message: `no note ${id}` });
  if (request.method !== "DELETE") return void reply(200, note);
  deleteNote(note);
  reply(204);
}

const server = createServer((request, response) => {
  answer(request, response).catch((problem: unknown) => response.writeHead(500).end(String(problem)));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  mkdirSync(join(folder, "run"), { recursive: true });
  // Whoever waits for this file must never read half of it.
  writeFileSync(
    join(folder, "run/notebook.json.part"),
    JSON.stringify({ pid: process.pid, port: typeof address === "object" ? address?.port : 0 }),
  );
  renameSync(join(folder, "run/notebook.json.part"), join(folder, "run/notebook.json"));
  console.log("listening");
});
process.on("SIGTERM", () => {
  database.close();
  rmSync(join(folder, "run/notebook.json"), { force: true });
  process.exit(0);
});
