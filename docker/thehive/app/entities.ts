import { asFields, asFieldsList, asText, asTexts, type Fields } from "./json.ts";

/** Vertices as the graph server describes them, and as the public API shows them. */

export interface Attachment {
  readonly id: string;
  readonly fields: Fields;
}

export interface Vertex {
  /** Decimal text: an id may exceed 2^53. */
  readonly id: string;
  readonly label: string;
  readonly fields: Fields;
  readonly attachments: readonly Attachment[];
}

/** Fields that are never shown under their own name. */
const hidden = new Set([
  "password",
  "_label",
  "createdAt",
  "createdBy",
  "updatedAt",
  "updatedBy",
  "attachmentId",
  "hashes",
]);
const highestId = 2n ** 63n - 1n;

/** TheHive's `_id`: a tilde and the vertex id. */
export function apiId(vertexId: string): string {
  return `~${vertexId}`;
}

/** Vertex id of an `_id`; undefined where the text is none. */
export function vertexIdOf(id: string): string | undefined {
  return /^~\d{1,19}$/.test(id) && BigInt(id.slice(1)) <= highestId ? id.slice(1) : undefined;
}

/** Reads vertices from an answer of the graph server. */
export function parseVertices(value: unknown): readonly Vertex[] {
  return asFieldsList(value).map((vertex) => {
    const fields = asFields(vertex["fields"]) ?? {};
    const attachments = asFieldsList(vertex["attachments"]).map((inner) => ({
      id: asText(inner["id"]) ?? "",
      fields: asFields(inner["fields"]) ?? {},
    }));
    return { id: asText(vertex["id"]) ?? "", label: asText(fields["_label"]) ?? "", fields, attachments };
  });
}

/** One entity in the shape of the v1 API. */
export function render(vertex: Vertex): Fields {
  const { fields, label } = vertex;
  const attachments = vertex.attachments.map((attachment) => renderAttachment(attachment));
  const parent = fields["taskId"] ?? fields["caseId"];
  const shown = Object.fromEntries(Object.entries(fields).filter(([name]) => !hidden.has(name)));
  return {
    _id: apiId(vertex.id),
    _type: label,
    _createdBy: fields["createdBy"],
    _createdAt: fields["createdAt"],
    ...(fields["updatedAt"] === undefined
      ? {}
      : { _updatedBy: fields["updatedBy"], _updatedAt: fields["updatedAt"] }),
    ...(parent === undefined || label === "Alert" ? {} : { _parent: parent }),
    ...(label === "Case" || label === "Alert" || label === "Observable" ? { tags: [] } : {}),
    ...shown,
    ...(label === "Log" ? { attachments } : {}),
    ...(label === "Observable" && attachments[0] !== undefined ? { attachment: attachments[0] } : {}),
    ...(label === "Attachment" ? renderAttachment(vertex) : {}),
  };
}

function renderAttachment({ id, fields }: Attachment): Fields {
  // The graph keeps a list without promising its order; the lengths tell SHA-256, SHA-1 and MD5 apart.
  const hashes = asTexts(fields["hashes"]).toSorted((left, right) => right.length - left.length);
  const { name, size, contentType, attachmentId } = fields;
  return { _id: apiId(id), _type: "Attachment", id: attachmentId, name, hashes, size, contentType };
}
