import type { Operation } from "../../core/system.ts";
import type { Fact } from "../../core/tables.ts";
import type { Accounts } from "./accounts.ts";
import type { ApiClient, Credentials } from "./api-client.ts";
import type { PlannedFile } from "./attachments.ts";
import { auditFacts } from "./audits.ts";
import type { BusinessIds } from "./business-ids.ts";
import { bodyOf, digestOfRecord, type Content, type ContentOf } from "./records.ts";

/** Calls that write records, each with the facts that it makes true. */

type FactDraft = Pick<Fact, "kind" | "id" | "op" | "digest">;

/** Fields that TheHive does not let a caller change afterwards. */
const fixedFields = ["dataType", "data", "type", "source", "sourceRef"];

export interface WriterParts {
  readonly api: ApiClient;
  readonly ids: BusinessIds;
  readonly accounts: Accounts;
  /** The application keeps an entry of each of these calls in an index. */
  readonly hasAudits: boolean;
}

export class Writer {
  readonly #parts: WriterParts;
  readonly #author: Credentials;
  readonly #mayBegin: () => Promise<void>;

  constructor(
    parts: WriterParts,
    author: Credentials,
    mayBegin: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#parts = parts;
    this.#author = author;
    this.#mayBegin = mayBegin;
  }

  create(content: Content, files: readonly PlannedFile[] = []): Operation {
    return {
      facts: (seq) => this.#withAudits([written(content, seq, "create"), ...blobsWritten(files)], seq),
      perform: async (seq) => {
        await this.#mayBegin();
        const path = await this.#collectionPath(content);
        const partName = content.kind === "observable" ? "attachment" : "attachments";
        const id = await this.#parts.api.create(this.#author, path, bodyOf(content, seq), files, partName);
        this.#parts.ids.remember(content.id, id);
      },
    };
  }

  update(content: Content): Operation {
    return {
      facts: (seq) => this.#withAudits([written(content, seq, "update")], seq),
      perform: async (seq) => {
        await this.#mayBegin();
        await this.#parts.api.update(this.#author, await this.path(content), changeOf(content, seq));
      },
    };
  }

  /** Deletes a record and what hangs on it; `blobs` are contents to which nothing refers afterwards. */
  remove(content: Content, below: readonly Content[] = [], blobs: readonly string[] = []): Operation {
    const gone = (kind: string, id: string): FactDraft => ({ kind, id, op: "delete", digest: null });
    return {
      facts: () => [
        ...[content, ...below].map(({ kind, id }) => gone(kind, id)),
        ...blobs.map((sha256) => gone("blob", sha256)),
      ],
      perform: async () => {
        await this.#mayBegin();
        await this.#parts.api.remove(this.#author, await this.path(content));
        for (const { id } of [content, ...below]) this.#parts.ids.forget(id);
      },
    };
  }

  /**
   * Makes a case of an alert, and gives the alert the marker of this write. Two calls, for the promotion itself keeps the
   * alert's tags: if the second fails, the outcome of both facts is unknown, which is what it is.
   */
  promote(alert: ContentOf<"alert">, promoted: ContentOf<"case">): Operation {
    return {
      facts: (seq) =>
        this.#withAudits([written(promoted, seq, "create"), written(alert, seq, "update")], seq),
      perform: async (seq) => {
        await this.#mayBegin();
        const path = await this.path(alert);
        const id = await this.#parts.api.create(this.#author, `${path}/case`, bodyOf(promoted, seq));
        this.#parts.ids.remember(promoted.id, id);
        await this.#parts.api.update(this.#author, path, changeOf(alert, seq));
      },
    };
  }

  #withAudits(facts: readonly FactDraft[], seq: number): FactDraft[] {
    return [...facts, ...(this.#parts.hasAudits ? auditFacts(facts, seq) : [])];
  }

  async path({ kind, id }: Pick<Content, "kind" | "id">): Promise<string> {
    return `/api/v1/${kind}/${encodeURIComponent(await this.#parts.ids.find(kind, id))}`;
  }

  async #collectionPath(content: Content): Promise<string> {
    switch (content.kind) {
      case "task":
      case "observable":
        return `${await this.path({ kind: "case", id: content.parent })}/${content.kind}`;
      case "log":
        return `${await this.path({ kind: "task", id: content.parent })}/log`;
      default:
        return `/api/v1/${content.kind}`;
    }
  }
}

function written(content: Content, seq: number, op: Fact["op"]): FactDraft {
  return { kind: content.kind, id: content.id, op, digest: digestOfRecord(content, seq) };
}

function blobsWritten(files: readonly PlannedFile[]): FactDraft[] {
  return [...new Set(files.map(({ sha256 }) => sha256))].map((sha256) => ({
    kind: "blob",
    id: sha256,
    op: "create",
    digest: sha256,
  }));
}

function changeOf(content: Content, seq: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(bodyOf(content, seq)).filter(([name]) => !fixedFields.includes(name)),
  );
}

/** Creates an organisation or a user; the administrator does, and a user is put into an organisation by its name. */
export function createAccount(
  parts: WriterParts,
  credentials: () => Credentials,
  options:
    | { readonly content: ContentOf<"organisation"> }
    | { readonly content: ContentOf<"user">; readonly organisation: () => string; readonly password: string },
): Operation {
  const { content } = options;
  return {
    facts: (seq) => [written(content, seq, "create")],
    perform: async (seq) => {
      const extra =
        "password" in options ? { organisation: options.organisation(), password: options.password } : {};
      const id = await parts.api.create(credentials(), `/api/v1/${content.kind}`, {
        ...bodyOf(content, seq),
        ...extra,
      });
      parts.ids.remember(content.id, id);
    },
  };
}
