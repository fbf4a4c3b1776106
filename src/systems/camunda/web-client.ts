import { z } from "zod";
import type { Identity } from "./identity.ts";
import { callServer, UnexpectedAnswer, type Address, type Answer, type Call } from "./http.ts";

/** Operate's and Tasklist's own REST APIs. Source: Camunda 8.6 documentation, "Operate REST API" and "Tasklist REST API". */

export class WebClient {
  readonly #address: Address;
  readonly #identity: Identity;

  constructor(address: Address, identity: Identity) {
    this.#address = address;
    this.#identity = identity;
  }

  /** @returns the parsed body of a POST */
  async post<Body>(path: string, body: unknown, schema: z.ZodType<Body>): Promise<Body> {
    const answer = await this.#call({ path, body });
    if (answer.status !== 200) throw new UnexpectedAnswer(`POST ${path}`, answer);
    return schema.parse(answer.body);
  }

  /** @returns JSON text of a variable whose value a search shortens */
  async wholeVariable(key: string): Promise<string> {
    const answer = await this.#call({ path: `/v1/variables/${key}` });
    if (answer.status !== 200) throw new UnexpectedAnswer(`GET variable ${key}`, answer);
    return z.object({ value: z.string() }).parse(answer.body).value;
  }

  /** A token of before a restart is asked for again once. */
  async #call(call: Call): Promise<Answer> {
    const first = await callServer(this.#address, { ...call, headers: await this.#identity.headers() });
    if (first.status !== 401 && first.status !== 403) return first;
    this.#identity.forget();
    return await callServer(this.#address, { ...call, headers: await this.#identity.headers() });
  }
}

const pageItems = 500;

const operatePageSchema = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  sortValues: z.array(z.unknown()).optional(),
});

/** Everything that a search of Operate finds, page by page. `resource` is for example `process-instances`. */
export async function* searchOperate(
  client: WebClient,
  resource: string,
  filter: Readonly<Record<string, unknown>> = {},
): AsyncIterable<Readonly<Record<string, unknown>>> {
  let searchAfter: readonly unknown[] | undefined;
  while (true) {
    const page = await client.post(
      `/v1/${resource}/search`,
      {
        size: pageItems,
        filter,
        sort: [{ field: "key", order: "ASC" }],
        ...(searchAfter && { searchAfter }),
      },
      operatePageSchema,
    );
    yield* page.items;
    if (page.items.length < pageItems || page.sortValues === undefined) return;
    searchAfter = page.sortValues;
  }
}

const taskSchema = z.object({
  id: z.string(),
  taskDefinitionId: z.string(),
  processInstanceKey: z.string(),
  assignee: z.string().nullable(),
  taskState: z.enum(["CREATED", "COMPLETED", "CANCELED"]),
  sortValues: z.array(z.string()).optional(),
});
export type TasklistTask = z.infer<typeof taskSchema>;

/** Every task that Tasklist's API finds, in any state, or those of one instance. */
export async function* searchTasklist(
  client: WebClient,
  filter: Readonly<Record<string, unknown>> = {},
): AsyncIterable<TasklistTask> {
  let searchAfter: readonly string[] | undefined;
  while (true) {
    const page = await client.post(
      "/v1/tasks/search",
      { pageSize: pageItems, ...filter, ...(searchAfter && { searchAfter }) },
      z.array(taskSchema),
    );
    yield* page;
    searchAfter = page.at(-1)?.sortValues;
    if (page.length < pageItems || searchAfter === undefined) return;
  }
}
