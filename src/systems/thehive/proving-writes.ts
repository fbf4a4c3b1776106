import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { OperationBarred, type Operation } from "../../core/system.ts";
import { users } from "./accounts.ts";
import type { Credentials } from "./api-client.ts";
import type { PlannedFile } from "./attachments.ts";
import { listOf } from "./business-ids.ts";
import { planCase, type CasePlace } from "./case-plan.ts";
import { contentOf, digestOfRecord, markerOfServed, type Content, type ContentOf } from "./records.ts";
import { Writer, type WriterParts } from "./writer.ts";

/**
 * Writes that prove a restored TheHive: each is read back by its id, found by a search, and its attachment is downloaded.
 * Reading by id alone would hide a lost index, and a search alone a lost table.
 */

/** A write is searchable after the index has refreshed: one second by default. */
const searchLimitMs = 20_000;
const pollMs = 250;

/** Field of full-text search, by kind. */
const searchField = {
  case: "title",
  task: "title",
  log: "message",
  observable: "message",
  alert: "title",
} as const;

/** @param restored a case that the backup holds: what came back must take changes too, not only what is new */
export function provingOperations(
  parts: WriterParts,
  place: CasePlace,
  restored: ContentOf<"case">,
): readonly Operation[] {
  const author = parts.accounts.authorOf(0);
  const writer = new Writer(parts, author);
  const prover = new Prover(parts, author, writer);
  const plan = planCase(place);
  const word = `proof${place.base}seed${place.seed}`;
  const [task] = plan.tasks;
  const [address] = plan.observables;
  const evidence = plan.observables.at(-1);
  if (task === undefined || address === undefined || evidence === undefined)
    throw new RangeError("the plan of a case is too small");
  const opened = { ...plan.case, title: `${plan.case.title} ${word}case` };
  const worked = { ...task, title: `${task.title} ${word}task` };
  const logged = { ...plan.log.content, message: `${plan.log.content.message} ${word}log` };
  const seen = { ...address.content, message: `${address.content.message} ${word}observable` };
  const changed = { ...restored, title: `${restored.title} ${word}restored`, severity: 4 };
  const alerted = { ...plan.alert, title: `${plan.alert.title} ${word}alert` };
  return barredTogether([
    after(writer.create(opened), async (seq) => {
      await prover.usersLogIn();
      await prover.served(opened, seq, `${word}case`);
    }),
    after(writer.create(worked), (seq) => prover.served(worked, seq, `${word}task`)),
    after(writer.create(logged, plan.log.files), (seq) =>
      prover.served(logged, seq, `${word}log`, plan.log.files),
    ),
    after(writer.create(seen), (seq) => prover.served(seen, seq, `${word}observable`)),
    after(writer.create(evidence.content, evidence.files), (seq) =>
      prover.served(evidence.content, seq, undefined, evidence.files),
    ),
    after(writer.create(alerted), (seq) => prover.served(alerted, seq, `${word}alert`)),
    after(writer.update({ ...opened, severity: 4, status: "InProgress" }), (seq) =>
      prover.served({ ...opened, severity: 4, status: "InProgress" }, seq, `${word}case`),
    ),
    after(writer.update(changed), (seq) => prover.served(changed, seq, `${word}restored`)),
    prover.deletion(seen),
  ]);
}

/** Whoever may not write at all cannot do what builds on a first write either: it was not tried, and has not failed. */
function barredTogether(operations: readonly Operation[]): readonly Operation[] {
  let barred: OperationBarred | undefined;
  return operations.map((operation) => ({
    ...operation,
    perform: async (seq) => {
      if (barred !== undefined) throw barred;
      try {
        await operation.perform(seq);
      } catch (thrown) {
        if (thrown instanceof OperationBarred) barred = thrown;
        throw thrown;
      }
    },
  }));
}

function after(operation: Operation, check: (seq: number) => Promise<void>): Operation {
  return {
    facts: (seq) => operation.facts(seq),
    perform: async (seq) => {
      await operation.perform(seq);
      await check(seq);
    },
  };
}

class Prover {
  readonly #parts: WriterParts;
  readonly #author: Credentials;
  readonly #writer: Writer;

  constructor(parts: WriterParts, author: Credentials, writer: Writer) {
    this.#parts = parts;
    this.#author = author;
    this.#writer = writer;
  }

  async usersLogIn(): Promise<void> {
    for (const { login } of users) {
      const answer = await this.#parts.api.login(this.#parts.accounts.of(login));
      if (answer !== "accepted")
        throw new Error(`user ${login} cannot log in with the password of before the backup`);
    }
  }

  /** @throws Error saying by which way the record is not served as it was written. */
  async served(
    content: Content,
    seq: number,
    word: string | undefined,
    files: readonly PlannedFile[] = [],
  ): Promise<void> {
    const path = await this.#writer.path(content);
    const served = await this.#parts.api.read(this.#author, path);
    if (served === undefined) throw new Error(`${content.id} was acknowledged, and is not found by its id`);
    const marker = markerOfServed(content.kind, served);
    const parent = "parent" in content ? content.parent : "";
    const digest =
      marker === undefined ? "none" : digestOfRecord(contentOf(marker, served, parent), marker.seq);
    if (digest !== digestOfRecord(content, seq))
      throw new Error(`${content.id} was acknowledged, and is served with other content`);
    if (word !== undefined && content.kind in searchField)
      await this.#foundBySearch(content, served._id, word);
    for (const file of files) await this.#downloads(path, file);
  }

  deletion(content: Content): Operation {
    return after(this.#writer.remove(content), async () => {
      // The id is forgotten with the record, so it is looked for in the list of its kind.
      const reader = this.#parts.api.list(this.#author, listOf[content.kind]);
      for await (const served of reader) {
        if (markerOfServed(content.kind, served)?.id === content.id)
          throw new Error(`${content.id} was deleted, and is still served`);
      }
    });
  }

  async #foundBySearch({ kind, id }: Content, apiId: string, word: string): Promise<void> {
    const field = Object.entries(searchField).find(([name]) => name === kind)?.[1] ?? "title";
    const beganAt = performance.now();
    while (performance.now() - beganAt < searchLimitMs) {
      const found = await this.#parts.api.search(this.#author, listOf[kind], field, word);
      if (found.some(({ _id }) => _id === apiId)) return;
      await sleep(pollMs);
    }
    throw new Error(
      `${id} is read by its id, and not found by a search of "${word}" within ${searchLimitMs} ms`,
    );
  }

  async #downloads(path: string, file: PlannedFile): Promise<void> {
    const hash = createHash("sha256");
    const content = await this.#parts.api.download(
      this.#author,
      `${path}/attachment/${file.sha256}/download`,
    );
    for await (const chunk of content) hash.update(chunk);
    const actual = hash.digest("hex");
    if (actual !== file.sha256)
      throw new Error(`attachment ${file.sha256} is downloaded with sha256 ${actual}`);
  }
}
