import { createHash } from "node:crypto";
import type { Seen } from "../../core/system.ts";
import { messageOf } from "../../core/errors.ts";
import { administrator, defaultAdministrator, onePerOrganisation, type Accounts } from "./accounts.ts";
import { ApiAnswer, type ApiClient, type Credentials } from "./api-client.ts";
import { listOf } from "./business-ids.ts";
import { recordKinds, type Marker, type RecordKind } from "./marker.ts";
import { contentOf, digestOfRecord, markerOfServed, type Served } from "./records.ts";
import { observation, reference } from "../../core/seen.ts";

/** What the application itself serves: every record, every reference between them, and the content of every attachment. */

/** Kinds in an order in which parents come first; the administrator lists the first two, users the others. */
const administered: readonly RecordKind[] = ["organisation", "user"];
const parentKind: Partial<Record<RecordKind, RecordKind>> = { task: "case", observable: "case", log: "task" };

export async function* observeApi(api: ApiClient, accounts: Accounts): AsyncIterable<Seen> {
  const defaultLogin = await api.login(defaultAdministrator);
  yield observation("default-administrator", administrator, { digest: defaultLogin });
  // A database that was initialised anew has the default password again: then that is how it is looked at.
  const chief = defaultLogin === "accepted" ? defaultAdministrator : accounts.administrator;
  const readers: Credentials[] = [];
  for (const login of onePerOrganisation) {
    // A user who is not let in sees nothing. That is no failure to read: what the user would see is reported as absent.
    if ((await api.login(accounts.of(login))) === "accepted") readers.push(accounts.of(login));
  }
  yield* new ApiObserver(api).observe({
    chief: (await api.login(chief)) === "accepted" ? [chief] : [],
    readers,
  });
}

class ApiObserver {
  readonly #api: ApiClient;
  /** `_id` → business id of what other records refer to. About 100 bytes each. */
  readonly #parents = new Map<string, string>();
  readonly #downloaded = new Set<string>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async *observe({
    chief,
    readers,
  }: {
    readonly chief: readonly Credentials[];
    readonly readers: readonly Credentials[];
  }): AsyncIterable<Seen> {
    for (const kind of recordKinds) {
      const served = new Set<string>();
      for (const reader of administered.includes(kind) ? chief : readers) {
        for await (const record of this.#api.list(reader, listOf[kind])) {
          if (served.has(record._id)) continue;
          served.add(record._id);
          const marker = markerOfServed(kind, record);
          if (marker !== undefined) yield* this.#seenOf(reader, marker, record);
        }
      }
    }
  }

  async *#seenOf(reader: Credentials, marker: Marker, served: Served): AsyncIterable<Seen> {
    if (marker.kind === "case" || marker.kind === "task") this.#parents.set(served._id, marker.id);
    const parentApiId = (marker.kind === "log" ? served.taskId : served.caseId) ?? "";
    const parent = this.#parents.get(parentApiId) ?? parentApiId;
    const content = contentOf(marker, served, parent);
    yield observation(marker.kind, marker.id, {
      digest: digestOfRecord(content, marker.seq),
      seq: marker.seq,
    });
    const kindOfParent =
      parentKind[marker.kind] ?? (marker.kind === "alert" && parent !== "" ? "case" : undefined);
    if (kindOfParent !== undefined)
      yield reference(
        marker,
        { component: "api", kind: kindOfParent, id: parent },
        `${kindOfParent} of ${marker.kind}`,
      );
    const attachments = [...served.attachments, ...(served.attachment === null ? [] : [served.attachment])];
    for (const sha256 of new Set(attachments.map(({ id }) => id))) {
      yield reference(marker, { component: "files", kind: "blob", id: sha256 }, "attachment");
      if (this.#downloaded.has(sha256)) continue;
      this.#downloaded.add(sha256);
      yield* this.#download(
        reader,
        `/api/v1/${marker.kind}/${encodeURIComponent(served._id)}/attachment/${sha256}/download`,
        sha256,
      );
    }
  }

  /** Each content is downloaded once. What cannot be is not served, and so is not seen; what breaks off is torn. */
  async *#download(reader: Credentials, path: string, sha256: string): AsyncIterable<Seen> {
    const content = await this.#startDownload(reader, path);
    if (content === undefined) return;
    const hash = createHash("sha256");
    let bytes = 0;
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    } catch (thrown) {
      if (isTimeOut(thrown)) throw thrown;
      // A file shorter than its row says ends the connection early: content is served, and it is not the right one.
      yield observation("blob", sha256, {
        digest: `broken off after ${bytes} bytes: ${messageOf(thrown)}`,
        bytes,
      });
      return;
    }
    yield observation("blob", sha256, { digest: hash.digest("hex"), bytes });
  }

  /** TheHive answers a missing file with an error of its own, every time: three in a row are an answer. */
  async #startDownload(reader: Credentials, path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#api.download(reader, path);
      } catch (thrown) {
        if (!(thrown instanceof ApiAnswer)) throw thrown;
        if (thrown.status < 500 || attempt === 3) return undefined;
      }
    }
  }
}

function isTimeOut(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "TimeoutError";
}
