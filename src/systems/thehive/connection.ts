import { setTimeout as sleep } from "node:timers/promises";
import { MusterError, messageOf } from "../../core/errors.ts";
import type { StackHandle } from "../../core/stack.ts";
import type { Connection, DeploymentContext, Seen, Workload, WorkloadRequest } from "../../core/system.ts";
import { Accounts, defaultAdministrator, onePerOrganisation } from "./accounts.ts";
import { ApiAnswer, ApiClient } from "./api-client.ts";
import { BusinessIds } from "./business-ids.ts";
import { observeDatabaseAccounts, operatorLogin, type OperatorLogin } from "./database-accounts.ts";
import type { DeploymentChoice } from "./deployment.ts";
import { markerOfServed } from "./records.ts";
import { observeApi } from "./observe-api.ts";
import { countVertices, observeCassandra } from "./observe-cassandra.ts";
import { graphIndex, observeElasticsearch, openElasticsearch } from "./observe-elasticsearch.ts";
import { observeConfig, observeFiles } from "./observe-files.ts";
import { observeSstables } from "./sstables.ts";
import { workloadOf } from "./workload.ts";

const readyLimitMs = 180_000;
/** Once a difference is there to stay it is a finding, which is not worth a long wait. */
const settleLimitMs = 20_000;
const pollMs = 500;

/** A client of one stack. Addresses are asked for when they are needed: the application may be down. */
export class TheHiveConnection implements Connection {
  readonly #stack: StackHandle;
  readonly #choice: Pick<DeploymentChoice, "accounts" | "storage" | "audits">;
  readonly #secret: DeploymentContext["secret"];
  readonly #login: OperatorLogin | undefined;
  readonly #accounts: Accounts;
  readonly #api: ApiClient;
  readonly #ids: BusinessIds;

  constructor(
    stack: StackHandle,
    { secret }: Pick<DeploymentContext, "secret">,
    choice: Pick<DeploymentChoice, "accounts" | "storage" | "audits">,
  ) {
    this.#stack = stack;
    this.#choice = choice;
    this.#secret = secret;
    this.#login = operatorLogin({ secret }, choice.accounts);
    this.#accounts = new Accounts(secret);
    this.#api = new ApiClient(() => stack.endpoint("thehive", 9000));
    this.#ids = new BusinessIds(
      this.#api,
      onePerOrganisation.map((login) => this.#accounts.of(login)),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(); // Stores are opened for one observation each, and the API is spoken to without a session.
  }

  /**
   * A restored application may have the default administrator again. That is for an observation to say, so both passwords
   * count as an answer here: the right one first, as it is wrong only before seeding.
   */
  async ready(): Promise<void> {
    await poll("an authenticated read of the application", readyLimitMs, async () => {
      for (const credentials of [this.#accounts.administrator, defaultAdministrator]) {
        if ((await this.#api.login(credentials)) !== "accepted") continue;
        for await (const _ of this.#api.list(credentials, "listUser")) return undefined;
        return "the list of users is empty";
      }
      return "the administrator is let in neither with the password of this run nor with the default one";
    });
  }

  workload(request: WorkloadRequest): Workload {
    const hasAudits = this.#choice.audits === "index";
    return workloadOf({ api: this.#api, ids: this.#ids, accounts: this.#accounts, hasAudits }, request);
  }

  /** JanusGraph commits to the database first and to the index second: both must have the same number. */
  async settle(): Promise<void> {
    await using index = await openElasticsearch(this.#stack, this.#secret("elastic"));
    await poll(
      "as many documents in the index as vertices in the database",
      settleLimitMs,
      async () => {
        await index.refresh(graphIndex);
        const [documents, vertices] = [
          await index.count(graphIndex),
          await countVertices(this.#stack, this.#login),
        ];
        return documents === vertices ? undefined : `${documents} documents, ${vertices} vertices`;
      },
      "differs",
    );
  }

  observe(component: string): AsyncIterable<Seen> {
    switch (component) {
      case "sstables":
      case "sstables-2":
      case "sstables-3":
        return observeSstables(this.#stack, component);
      case "cassandra":
        return observeCassandra(this.#stack, this.#login);
      case "accounts":
        return observeDatabaseAccounts(this.#stack, { secret: this.#secret }, this.#choice.accounts);
      case "elasticsearch":
        return observeElasticsearch(this.#stack, this.#secret("elastic"));
      case "files":
        return observeFiles(this.#stack, this.#choice.storage);
      case "config":
        return observeConfig(this.#stack);
      case "api":
        return observeApi(this.#api, this.#accounts);
      default:
        throw new MusterError("UNKNOWN_NAME", { message: `thehive has no component "${component}"` });
    }
  }

  async probeGone(): Promise<{ gone: boolean; detail: string }> {
    try {
      for (const login of onePerOrganisation) {
        const reader = this.#accounts.of(login);
        if ((await this.#api.login(reader)) === "rejected") continue;
        for await (const served of this.#api.list(reader, "listCase")) {
          const marker = markerOfServed("case", served);
          if (marker !== undefined)
            return { gone: false, detail: `the application still serves ${marker.id}` };
        }
      }
      return { gone: true, detail: "the application answers, and serves nothing that was written" };
    } catch (thrown) {
      // An application that fails or is slow is still there: only a refused connection shows that it is gone.
      const isThere =
        thrown instanceof ApiAnswer || (thrown instanceof Error && thrown.name === "TimeoutError");
      return { gone: !isThere, detail: `the application does not answer: ${messageOf(thrown)}` };
    }
  }
}

/** Asks until there is no complaint. @throws MusterError TIMEOUT with the last one, unless `differs` leaves it to the invariants. */
async function poll(
  what: string,
  limitMs: number,
  complaintOf: () => Promise<string | undefined>,
  atLimit: "throws" | "differs" = "throws",
): Promise<void> {
  const beganAt = performance.now();
  let last = "no answer";
  while (performance.now() - beganAt < limitMs) {
    try {
      const complaint = await complaintOf();
      if (complaint === undefined) return;
      last = complaint;
    } catch (thrown) {
      if (thrown instanceof MusterError && thrown.code !== "STACK_FAILED") throw thrown;
      last = messageOf(thrown);
    }
    await sleep(pollMs);
  }
  if (atLimit === "differs") return;
  throw new MusterError("TIMEOUT", {
    message: `waited ${limitMs} ms for ${what} (last: ${last})`,
    hint: "the logs of the services are in the run's folder",
  });
}
