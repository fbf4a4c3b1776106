/** Vertices as the graph server describes them, and as the public API shows them. */

export interface Vertex {
  readonly id: string;
  readonly label: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly attachments: readonly {
    readonly id: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
}

/** Fields that are never shown. */
const hidden = new Set(["password", "_label", "createdAt", "createdBy", "updatedAt", "updatedBy"]);

/** TheHive's `_id`: a tilde and the vertex id. */
export function apiId(vertexId: string): string {
  return `~${vertexId}`;
}

/** Vertex id of an `_id`; undefined where the text is none. */
export function vertexId(id: string): string | undefined {
  return /^~\d+$/.test(id) ? id.slice(1) : undefined;
}

/** One entity in the shape of the v1 API. */
export function render(vertex: Vertex): Record<string, unknown> {
  const { fields } = vertex;
  const attachments = vertex.attachments.map(({ id, fields: inner }) => ({
    _id: apiId(id),
    _type: "Attachment",
    id: inner["attachmentId"],
    name: inner["name"],
    hashes: inner["hashes"],
    size: inner["size"],
    contentType: inner["contentType"],
  }));
  const shown = Object.fromEntries(Object.entries(fields).filter(([name]) => !hidden.has(name)));
  return {
    _id: apiId(vertex.id),
    _type: vertex.label,
    _createdBy: fields["createdBy"],
    _createdAt: fields["createdAt"],
    ...(fields["updatedAt"] === undefined
      ? {}
      : { _updatedBy: fields["updatedBy"], _updatedAt: fields["updatedAt"] }),
    ...shown,
    ...(vertex.label === "Log" ? { attachments } : {}),
    ...(vertex.label === "Observable" && attachments[0] !== undefined ? { attachment: attachments[0] } : {}),
  };
}
