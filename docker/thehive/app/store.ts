import { parseVertices, vertexIdOf, type Vertex } from "./entities.ts";
import { receive, type FileStore, type ReceivedFile } from "./files.ts";
import type { Graph } from "./gremlin.ts";
import { ApiError } from "./http.ts";
import { asFields, asFieldsList, asText, asTexts, type Fields } from "./json.ts";
import { KnownIds, pageOf, positionAfter, sortByField, sortIds, type Listing } from "./listing.ts";
import { Locks } from "./locks.ts";
import * as scripts from "./scripts.ts";

const readTogether = 500;
const removeTogether = 500;

/** An entity to be added. */
export interface Creation {
  readonly label: string;
  readonly fields: Fields;
  readonly parent?: { readonly label: string; readonly id: string; readonly edge: string };
  readonly organisation?: string;
  /** Fields whose values together no other vertex may have. */
  readonly unique?: readonly string[];
  readonly files?: readonly File[];
}

interface Row {
  readonly id: string;
  /** Of an attachment: its file, and how many rows share it. */
  readonly sha256: string | undefined;
  readonly references: number;
}

/** Rows in the graph and files on disk. Files are written before rows and deleted before rows. */
export class Store {
  readonly graph: Graph;
  readonly #files: FileStore;
  readonly #locks = new Locks();
  readonly #known = new KnownIds();
  #lastCaseNumber: number | undefined;

  constructor(graph: Graph, files: FileStore) {
    this.graph = graph;
    this.#files = files;
  }

  /** Reads one entity. @throws ApiError 404 where it does not exist or has another label. */
  async read(label: string, id: string): Promise<Vertex> {
    const vertices = await this.#readAll([keyOf(label, id)]);
    const vertex = vertices.find((candidate) => candidate.label === label);
    if (vertex === undefined) throw notFound(label, id);
    return vertex;
  }

  async list(listing: Listing): Promise<readonly Vertex[]> {
    const vertices: Vertex[] = [];
    const ids = pageOf(await this.#idsOf(listing), listing);
    for (let at = 0; at < ids.length; at += readTogether)
      vertices.push(...(await this.#readAll(ids.slice(at, at + readTogether).map(String))));
    return vertices;
  }

  /** Counts vertices by the composite index; a search for one word is counted by the mixed index alone, as it says. */
  async count(listing: Listing): Promise<number> {
    const [filter] = listing.filters;
    if (listing.filters.length === 1 && filter?.kind === "word" && listing.after === 0n) {
      return Number(
        await this.graph.run(scripts.countWord, {
          entity: listing.label,
          field: filter.field,
          word: filter.value,
        }),
      );
    }
    return (await this.#idsOf(listing)).length;
  }

  async userByLogin(login: string): Promise<Vertex | undefined> {
    return parseVertices(await this.graph.run(scripts.findByLogin, { login }))[0];
  }

  async organisationByName(name: string): Promise<Vertex | undefined> {
    return parseVertices(await this.graph.run(scripts.findOrganisation, { name }))[0];
  }

  /** Adds an entity below its parent and organisation, with its files, in one transaction. @throws ApiError 400, 404 */
  async create(creation: Creation): Promise<Vertex> {
    const { label, parent, unique = [] } = creation;
    const parentKey = parent === undefined ? null : keyOf(parent.label, parent.id);
    const files = await Promise.all((creation.files ?? []).map((file) => receive(file)));
    // No file is written for a call that will be refused.
    if (files.length > 0 && parent !== undefined) await this.read(parent.label, parent.id);
    const numbered = label === "Case" ? { number: await this.#nextCaseNumber() } : {};
    const names = [
      ...files.map(({ hashes: [sha256] }) => fileLock(sha256)),
      ...(unique.length === 0 ? [] : [`unique ${label}`]),
    ];
    const answer = await this.#locks.holding(names, async () => {
      await Promise.all(files.map((file) => this.#files.save(file)));
      return await this.graph.run(scripts.create, {
        entity: label,
        fields: { ...creation.fields, ...numbered },
        parentKey,
        parentEntity: parent?.label ?? null,
        edge: parent?.edge ?? null,
        organisationName: creation.organisation ?? null,
        unique,
        files: files.map(fileFields),
      });
    });
    return this.#created(answer, creation);
  }

  /** @throws ApiError 404 */
  async update(label: string, id: string, fields: Fields): Promise<void> {
    const answer = asFields(
      await this.graph.run(scripts.update, { vertexKey: keyOf(label, id), entity: label, fields }),
    );
    if (answer?.["refusal"] !== undefined) throw notFound(label, id);
  }

  /** Makes a case of an alert; `fields` come before those of the alert. @throws ApiError 400, 404 */
  async promote(alertId: string, fields: Fields, organisation: string): Promise<Vertex> {
    const key = keyOf("Alert", alertId);
    const answer = await this.#locks.holding([`alert ${alertId}`], async () => {
      const number = await this.#nextCaseNumber();
      return await this.graph.run(scripts.promote, {
        vertexKey: key,
        fields: { ...fields, number },
        organisationName: organisation,
      });
    });
    const refusal = asFields(answer)?.["refusal"];
    if (refusal === "imported") throw new ApiError(400, "BadRequest", `Alert ${alertId} is already imported`);
    if (refusal !== undefined) throw notFound("Alert", alertId);
    return this.#created(answer, { label: "Case", fields });
  }

  /** Removes an entity and all below it; a file goes with its last reference, before the rows do. @throws ApiError 404 */
  async remove(label: string, id: string): Promise<void> {
    const key = keyOf(label, id);
    const seen = await this.#subtree(key, label);
    if (seen.length === 0) throw notFound(label, id);
    const files = seen.flatMap(({ sha256 }) => sha256 ?? []);
    await this.#locks.holding(files.map(fileLock), async () => {
      // Read again under the locks: another call may have added or removed a reference meanwhile.
      const rows = files.length === 0 ? seen : await this.#subtree(key, label);
      for (const [sha256, references] of Map.groupBy(rows, (row) => row.sha256)) {
        const isLast = references[0]?.references === references.length;
        if (sha256 !== undefined && files.includes(sha256) && isLast) await this.#files.remove(sha256);
      }
      const keys = rows.map((row) => row.id).toReversed();
      for (let at = 0; at < keys.length; at += removeTogether)
        await this.graph.run(scripts.removeAll, { vertexKeys: keys.slice(at, at + removeTogether) });
    });
  }

  async openFile(sha256: string): ReturnType<FileStore["open"]> {
    return await this.#files.open(sha256);
  }

  #created(answer: unknown, { label, parent, organisation }: Creation): Vertex {
    const refusal = asFields(answer)?.["refusal"];
    if (refusal === "parent" && parent !== undefined) throw notFound(parent.label, parent.id);
    if (refusal === "organisation")
      throw new ApiError(400, "BadRequest", `Organisation ${organisation} not found`);
    if (refusal === "taken") throw new ApiError(400, "CreateError", `${label} already exists`);
    const [vertex] = parseVertices(asFields(answer)?.["vertex"]);
    if (vertex === undefined) throw new Error(`the graph server did not describe the new ${label}`);
    this.#known.add(label, BigInt(vertex.id));
    for (const attachment of vertex.attachments) this.#known.add("Attachment", BigInt(attachment.id));
    return vertex;
  }

  async #idsOf({ label, filters, order, after, from }: Listing): Promise<readonly bigint[]> {
    const bindings = { entity: label, filters, order: order?.field ?? null };
    if (order !== undefined)
      return sortByField(await this.graph.run(scripts.listIds, bindings), order.descending);
    const isFirstPage = after === 0n && from === 0;
    const known = isFirstPage || filters.length > 0 ? undefined : this.#known.find(label, Date.now());
    const ids = known ?? sortIds(asTexts(await this.graph.run(scripts.listIds, bindings)));
    if (known === undefined && filters.length === 0) this.#known.keep(label, ids, Date.now());
    return after === 0n ? ids : ids.slice(positionAfter(ids, after));
  }

  /** Vertices in the order of the ids; the graph server answers in one of its own. */
  async #readAll(ids: readonly string[]): Promise<readonly Vertex[]> {
    if (ids.length === 0) return [];
    const vertices = parseVertices(await this.graph.run(scripts.readByIds, { vertexKeys: ids }));
    const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async #subtree(key: string, label: string): Promise<readonly Row[]> {
    const rows = asFieldsList(await this.graph.run(scripts.readSubtree, { vertexKey: key, entity: label }));
    return rows.map((row) => ({
      id: asText(row["id"]) ?? "",
      sha256: asText(row["sha256"]),
      references: Number(row["references"]),
    }));
  }

  /** Numbers of cases grow by one and are never given twice, also when calls come side by side. */
  async #nextCaseNumber(): Promise<number> {
    return await this.#locks.holding(["case number"], async () => {
      this.#lastCaseNumber =
        (this.#lastCaseNumber ?? Number(await this.graph.run(scripts.highestCaseNumber))) + 1;
      return this.#lastCaseNumber;
    });
  }
}

function fileLock(sha256: string): string {
  return `file ${sha256}`;
}

function fileFields({ hashes, name, contentType, content }: ReceivedFile): Fields {
  return { attachmentId: hashes[0], name, size: content.length, contentType, hashes };
}

function keyOf(label: string, id: string): string {
  const key = vertexIdOf(id);
  if (key === undefined) throw notFound(label, id);
  return key;
}

function notFound(label: string, id: string): ApiError {
  return new ApiError(404, "NotFoundError", `${label} ${id} not found`);
}
