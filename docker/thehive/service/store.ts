import { ApiError } from "./http.ts";
import { apiId, vertexId, type Vertex } from "./entities.ts";
import { FileStore, type StoredFile } from "./files.ts";
import { Graph } from "./gremlin.ts";
import * as scripts from "./scripts.ts";

type Fields = Readonly<Record<string, unknown>>;
export type GraphOperation =
  | { readonly op: "add"; readonly ref: string; readonly label: string; readonly fields: Fields }
  | { readonly op: "edge"; readonly from: string; readonly label: string; readonly to: string }
  | { readonly op: "set"; readonly id: string; readonly fields: Fields }
  | { readonly op: "remove"; readonly id: string };

export interface Listing {
  readonly label: string;
  /** Keyset paging: entities with a vertex id above this one. */
  readonly after?: string;
  readonly limit?: number;
  /** Search of one word in one text field, through the mixed index. */
  readonly search?: { readonly field: string; readonly word: string };
}

/** Rows in the graph and files on disk. Files are written before rows and deleted before rows. */
export class Store {
  readonly graph: Graph;
  readonly files: FileStore;
  #caseNumber: Promise<number> | undefined;

  constructor(graph: Graph, files: FileStore) {
    this.graph = graph;
    this.files = files;
  }

  async mutate(ops: readonly GraphOperation[]): Promise<Readonly<Record<string, string>>> {
    return (await this.graph.run(scripts.mutate, { ops })) as Readonly<Record<string, string>>;
  }

  /** Reads one entity. @throws ApiError 404 where it does not exist or has another label. */
  async read(label: string, id: string): Promise<Vertex> {
    const inner = vertexId(id);
    const found =
      inner === undefined ? [] : ((await this.graph.run(scripts.readByIds, { ids: [inner] })) as Vertex[]);
    const vertex = found.find((candidate) => candidate.label === label);
    if (vertex === undefined) throw new ApiError(404, "NotFoundError", `${label} ${id} not found`);
    return vertex;
  }

  async list(listing: Listing): Promise<readonly Vertex[]> {
    const { label, after = "0", limit = 500, search } = listing;
    const answer = (await this.graph.run(scripts.listByLabel, {
      entity: label,
      after,
      limit,
      field: search?.field ?? "",
      word: search?.word ?? null,
    })) as { page: Vertex[] };
    return answer.page;
  }

  async count(label: string, search?: Listing["search"]): Promise<number> {
    return (await this.graph.run(scripts.countByLabel, {
      entity: label,
      field: search?.field ?? "",
      word: search?.word ?? null,
    })) as number;
  }

  async userByLogin(login: string): Promise<Vertex | undefined> {
    return ((await this.graph.run(scripts.findByLogin, { login })) as Vertex[])[0];
  }

  /** Numbers of cases grow by one and are never given twice, also when calls come side by side. */
  async nextCaseNumber(): Promise<number> {
    this.#caseNumber = (this.#caseNumber ?? this.graph.run(scripts.highestCaseNumber).then(Number)).then(
      (last) => last + 1,
    );
    return await this.#caseNumber;
  }

  /** Adds an entity below its parent, with its files, in one transaction. */
  async create(options: {
    readonly label: string;
    readonly fields: Fields;
    readonly parent?: { readonly id: string; readonly edge: string };
    readonly files?: readonly StoredFile[];
    readonly attachmentEdge?: string;
  }): Promise<Vertex> {
    const ops: GraphOperation[] = [{ op: "add", ref: "it", label: options.label, fields: options.fields }];
    if (options.parent !== undefined)
      ops.push({ op: "edge", from: options.parent.id, label: options.parent.edge, to: "it" });
    for (const [index, file] of (options.files ?? []).entries()) {
      const fields = {
        attachmentId: file.hashes[0],
        name: file.name,
        size: file.size,
        contentType: file.contentType,
        hashes: [...file.hashes],
      };
      ops.push({ op: "add", ref: `file${index}`, label: "Attachment", fields });
      ops.push({
        op: "edge",
        from: "it",
        label: options.attachmentEdge ?? "LogAttachment",
        to: `file${index}`,
      });
    }
    const ids = await this.mutate(ops);
    return await this.read(options.label, apiId(ids["it"] ?? ""));
  }

  async update(label: string, id: string, fields: Fields): Promise<void> {
    const vertex = await this.read(label, id);
    await this.mutate([{ op: "set", id: vertex.id, fields }]);
  }

  /** Removes an entity and all below it; a file goes with its last reference, before the rows do. */
  async remove(label: string, id: string): Promise<void> {
    const vertex = await this.read(label, id);
    const subtree = (await this.graph.run(scripts.readSubtree, { root: vertex.id })) as {
      id: string;
      attachmentId: string | null;
    }[];
    const shares = Map.groupBy(
      subtree.filter(({ attachmentId }) => attachmentId !== null),
      ({ attachmentId }) => attachmentId ?? "",
    );
    for (const [attachmentId, below] of shares) {
      const references = (await this.graph.run(scripts.countAttachments, { attachmentId })) as number;
      if (references === below.length) await this.files.remove(attachmentId);
    }
    await this.mutate(subtree.toReversed().map(({ id: inner }) => ({ op: "remove", id: inner })));
  }
}
