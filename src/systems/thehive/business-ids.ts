import type { ApiClient, Credentials, List } from "./api-client.ts";
import type { RecordKind } from "./marker.ts";
import { markerOfServed } from "./records.ts";
import { MusterError } from "../../core/errors.ts";

export const listOf: Readonly<Record<RecordKind, List>> = {
  organisation: "listOrganisation",
  user: "listUser",
  case: "listCase",
  task: "listTask",
  log: "listLog",
  observable: "listObservable",
  alert: "listAlert",
};

/**
 * Which `_id` a record has now. A connection knows what it wrote; what another one wrote, it reads once from the API.
 * One short text for each record is held in memory: about 100 bytes, 10 MB in the largest workload.
 */
export class BusinessIds {
  readonly #known = new Map<string, string>();
  readonly #listed = new Set<RecordKind>();
  readonly #api: ApiClient;
  readonly #readers: readonly Credentials[];

  constructor(api: ApiClient, readers: readonly Credentials[]) {
    this.#api = api;
    this.#readers = readers;
  }

  remember(businessId: string, apiId: string): void {
    this.#known.set(businessId, apiId);
  }

  forget(businessId: string): void {
    this.#known.delete(businessId);
  }

  /** @throws MusterError HARNESS when the application serves no such record. */
  async find(kind: RecordKind, businessId: string): Promise<string> {
    if (!this.#known.has(businessId) && !this.#listed.has(kind)) await this.#readAll(kind);
    const found = this.#known.get(businessId);
    if (found !== undefined) return found;
    throw new MusterError("HARNESS", {
      message: `${kind} ${businessId} is not served by the application, so nothing can be written to it`,
      hint: "was the call that creates it refused, or the system seeded with another seed?",
    });
  }

  async #readAll(kind: RecordKind): Promise<void> {
    this.#listed.add(kind);
    for (const reader of this.#readers) {
      for await (const served of this.#api.list(reader, listOf[kind])) {
        const marker = markerOfServed(kind, served);
        if (marker !== undefined && !this.#known.has(marker.id)) this.#known.set(marker.id, served._id);
      }
    }
  }
}
