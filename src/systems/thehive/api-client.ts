import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { OperationBarred, OperationRefused } from "../../core/system.ts";
import { servedSchema, type Served } from "./records.ts";

/** Client of TheHive's public API, version 1. Source: docs.strangebee.com, "TheHive API". */

/** How the application answers every write once its trial is over. The words are the stand-in's: TheHive's are not known. */
const licenceExpired = "licence expired: reads only";
const requestLimitMs = 30_000;
const pageRecords = 200;
const attemptsPerRead = 3;
const pauseBeforeRepeatMs = 500;

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Upload {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export type List =
  "listOrganisation" | "listUser" | "listCase" | "listTask" | "listLog" | "listObservable" | "listAlert";

const identified = z.union([z.object({ _id: z.string() }), z.array(z.object({ _id: z.string() })).min(1)]);
const page = z.array(servedSchema);

/** An answer that is no success; `status` decides what it means. */
export class ApiAnswer extends Error {
  override readonly name = "ApiAnswer";
  readonly status: number;

  constructor(status: number, request: string, text: string) {
    super(`${request} answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
  }
}

export class ApiClient {
  readonly #endpoint: () => Promise<Address>;
  #known: Address | undefined;

  /** The address is asked for at the first call, and again after a call that reached nothing: a restart moves the port. */
  constructor(endpoint: () => Promise<Address>) {
    this.#endpoint = endpoint;
  }

  /** Writes once and never repeats: a repeated write could be done twice. @returns the new record's `_id`. */
  async create(
    credentials: Credentials,
    path: string,
    body: unknown,
    files: readonly Upload[] = [],
    partName = "attachments",
  ): Promise<string> {
    const answer = await this.#write(
      credentials,
      "POST",
      path,
      files.length === 0 ? body : formOf(body, files, partName),
    );
    const parsed = identified.parse(await answer.json());
    return Array.isArray(parsed) ? (parsed[0]?._id ?? "") : parsed._id;
  }

  async post(credentials: Credentials, path: string, body: unknown): Promise<void> {
    await (await this.#write(credentials, "POST", path, body)).arrayBuffer();
  }

  async update(credentials: Credentials, path: string, body: unknown): Promise<void> {
    await (await this.#write(credentials, "PATCH", path, body)).arrayBuffer();
  }

  async remove(credentials: Credentials, path: string): Promise<void> {
    await (await this.#write(credentials, "DELETE", path, undefined)).arrayBuffer();
  }

  /** One record by its `_id`; undefined where the application says that there is none. */
  async read(credentials: Credentials, path: string): Promise<Served | undefined> {
    return await this.#repeatingRead(async () => {
      const answer = await this.#send(credentials, "GET", path, undefined);
      if (answer.status === 404) return undefined;
      return servedSchema.parse(await (await succeeded(answer, `GET ${path}`)).json());
    });
  }

  /** Streams every record of a list, in the order of its ids, page by page. */
  async *list(credentials: Credentials, name: List): AsyncIterable<Served> {
    let after: string | undefined;
    do {
      const above = after === undefined ? [] : [{ _name: "filter", _gt: { _field: "_id", _value: after } }];
      const records = await this.#query(credentials, [
        { _name: name },
        ...above,
        { _name: "page", from: 0, to: pageRecords },
      ]);
      yield* records;
      after = records.length < pageRecords ? undefined : records.at(-1)?._id;
    } while (after !== undefined);
  }

  /** Records that a full-text search of one word in one field finds: it goes through the index. */
  async search(
    credentials: Credentials,
    name: List,
    field: string,
    word: string,
  ): Promise<readonly Served[]> {
    const filter = { _name: "filter", _like: { _field: field, _value: word } };
    return await this.#query(credentials, [
      { _name: name },
      filter,
      { _name: "page", from: 0, to: pageRecords },
    ]);
  }

  /** Streams an attachment. @throws ApiAnswer where the application refuses or fails. */
  async download(credentials: Credentials, path: string): Promise<AsyncIterable<Uint8Array>> {
    const answer = await succeeded(await this.#send(credentials, "GET", path, undefined), `GET ${path}`);
    return answer.body ?? emptyBody();
  }

  /** How a login ends: `rejected` is an answer, anything but yes and no is thrown. */
  async login(credentials: Credentials): Promise<"accepted" | "rejected"> {
    return await this.#repeatingRead(async () => {
      const answer = await this.#send(undefined, "POST", "/api/v1/login", {
        user: credentials.user,
        password: credentials.password,
      });
      if (answer.status === 401 || answer.status === 403) return "rejected";
      await succeeded(answer, "POST /api/v1/login");
      return "accepted";
    });
  }

  async #query(credentials: Credentials, steps: readonly unknown[]): Promise<Served[]> {
    return await this.#repeatingRead(async () => {
      const answer = await this.#send(credentials, "POST", "/api/v1/query", { query: steps });
      return page.parse(await (await succeeded(answer, "POST /api/v1/query")).json());
    });
  }

  /** A reading that ends in a time-out or a server error says nothing, so it is repeated before it is thrown. */
  async #repeatingRead<Value>(read: () => Promise<Value>): Promise<Value> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await read();
      } catch (thrown) {
        const isAnswered = thrown instanceof ApiAnswer && thrown.status < 500;
        if (isAnswered || attempt === attemptsPerRead) throw thrown;
        await sleep(pauseBeforeRepeatMs);
      }
    }
  }

  async #write(credentials: Credentials, method: string, path: string, body: unknown): Promise<Response> {
    const answer = await this.#send(credentials, method, path, body);
    if (answer.status >= 400 && answer.status < 500) {
      const said = (await answer.text()).slice(0, 300);
      const words = `${method} ${path} was refused with ${answer.status}: ${said}`;
      throw said.includes(licenceExpired) ? new OperationBarred(licenceExpired) : new OperationRefused(words);
    }
    return await succeeded(answer, `${method} ${path}`);
  }

  async #send(
    credentials: Credentials | undefined,
    method: string,
    path: string,
    body: unknown,
  ): Promise<Response> {
    const headers: Record<string, string> = {};
    if (credentials !== undefined) {
      headers["authorization"] =
        `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
    }
    if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
    this.#known ??= await this.#endpoint();
    try {
      return await fetch(`http://${this.#known.host}:${this.#known.port}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(requestLimitMs),
        ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      });
    } catch (thrown) {
      this.#known = undefined;
      throw thrown;
    }
  }
}

async function succeeded(answer: Response, request: string): Promise<Response> {
  if (answer.ok) return answer;
  throw new ApiAnswer(answer.status, request, await answer.text());
}

function formOf(body: unknown, files: readonly Upload[], partName: string): FormData {
  const form = new FormData();
  form.append("_json", JSON.stringify(body));
  for (const file of files)
    form.append(partName, new Blob([new Uint8Array(file.bytes)], { type: file.contentType }), file.name);
  return form;
}

async function* emptyBody(): AsyncIterable<Uint8Array> {
  // An answer without a body is an empty file.
}
