import { z } from "zod";
import { digestOf } from "../../stores/digest.ts";
import { findMarker, markerText, type Marker, type RecordKind } from "./marker.ts";

/** The business content of a record: the same shape and the same digest for what is written and for what is read. */

interface AttachmentContent {
  readonly name: string;
  readonly sha256: string;
}

interface Fields {
  organisation: { readonly description: string };
  user: { readonly login: string; readonly profile: string; readonly organisation: string };
  case: {
    readonly title: string;
    readonly description: string;
    readonly severity: number;
    readonly status: string;
    readonly tags: readonly string[];
  };
  task: {
    readonly parent: string;
    readonly title: string;
    readonly description: string;
    readonly status: string;
  };
  log: {
    readonly parent: string;
    readonly message: string;
    readonly attachments: readonly AttachmentContent[];
  };
  observable: {
    readonly parent: string;
    readonly dataType: string;
    readonly data: string | null;
    readonly message: string;
    readonly tags: readonly string[];
    readonly attachment: AttachmentContent | null;
  };
  alert: {
    readonly title: string;
    readonly description: string;
    readonly severity: number;
    readonly type: string;
    readonly source: string;
    readonly sourceRef: string;
    readonly tags: readonly string[];
  };
}

/** One record in one version, but for its number: `parent` and `organisation` are business ids, `tags` are without the marker. */
export type Content = {
  [Kind in RecordKind]: { readonly kind: Kind; readonly id: string } & Fields[Kind];
}[RecordKind];
export type ContentOf<Kind extends RecordKind> = Extract<Content, { readonly kind: Kind }>;

/** The one digest of a record: over its content as the API serves it, marker and names of attachments included. */
export function digestOfRecord(content: Content, seq: number): string {
  const tags = "tags" in content ? { tags: content.tags.toSorted() } : {};
  const attachments =
    content.kind === "log"
      ? { attachments: content.attachments.toSorted((left, right) => (left.name < right.name ? -1 : 1)) }
      : {};
  return digestOf({ ...content, ...tags, ...attachments, seq });
}

/** Body of the call that writes a record. Where the marker stands: in a tag, a group, or the beginning of a text. */
export function bodyOf(content: Content, seq: number): Readonly<Record<string, unknown>> {
  const marker = markerText(content.id, seq);
  switch (content.kind) {
    case "organisation":
      return { name: marker, description: content.description };
    case "user":
      return { login: content.login, name: marker, profile: content.profile };
    case "case":
      return {
        title: content.title,
        description: content.description,
        severity: content.severity,
        status: content.status,
        tags: [...content.tags, marker],
      };
    case "task":
      return {
        title: content.title,
        group: marker,
        description: content.description,
        status: content.status,
      };
    case "log":
      return { message: `${marker} ${content.message}` };
    case "observable":
      return {
        dataType: content.dataType,
        ...(content.data === null ? {} : { data: content.data }),
        message: content.message,
        tags: [...content.tags, marker],
      };
    case "alert":
      return {
        title: content.title,
        description: content.description,
        severity: content.severity,
        type: content.type,
        source: content.source,
        sourceRef: content.sourceRef,
        tags: [...content.tags, marker],
      };
  }
}

const text = z.string().catch("");
const tags = z.array(z.string()).catch([]);
const attachment = z.object({ id: z.string(), name: z.string(), hashes: z.array(z.string()).optional() });

/** What the API serves, of any kind; what a kind has not is empty. */
export const servedSchema = z.object({
  _id: z.string(),
  title: text,
  name: text,
  group: text,
  message: text,
  description: text,
  status: text,
  login: text,
  profile: text,
  organisation: text,
  dataType: text,
  type: text,
  source: text,
  sourceRef: text,
  data: z.string().nullable().catch(null),
  severity: z.number().catch(0),
  tags,
  caseId: z.string().optional(),
  taskId: z.string().optional(),
  attachments: z.array(attachment).catch([]),
  attachment: attachment.nullable().catch(null),
});
export type Served = z.infer<typeof servedSchema>;

/** The marker of a served record; undefined for what Muster did not write. */
export function markerOfServed(kind: RecordKind, served: Served): Marker | undefined {
  const places = [served.name, served.group, served.message, ...served.tags];
  return places.map((place) => findMarker(place)).find((marker) => marker?.kind === kind);
}

/** The content of a served record. `parent` is the business id of the record that it hangs on. */
export function contentOf(marker: Marker, served: Served, parent: string): Content {
  const { id, seq } = marker;
  const own = markerText(id, seq);
  const plainTags = served.tags.filter((tag) => tag !== own);
  const { title, description, severity, status, message } = served;
  switch (marker.kind) {
    case "organisation":
      return { kind: "organisation", id, description };
    case "user":
      return {
        kind: "user",
        id,
        login: served.login,
        profile: served.profile,
        organisation: findMarker(served.organisation)?.id ?? served.organisation,
      };
    case "case":
      return { kind: "case", id, title, description, severity, status, tags: plainTags };
    case "task":
      return { kind: "task", id, parent, title, description, status };
    case "log":
      return {
        kind: "log",
        id,
        parent,
        message: message.replace(`${own} `, ""),
        attachments: served.attachments.map(attachmentContent),
      };
    case "observable":
      return {
        kind: "observable",
        id,
        parent,
        dataType: served.dataType,
        data: served.data,
        message,
        tags: plainTags,
        attachment: served.attachment === null ? null : attachmentContent(served.attachment),
      };
    case "alert":
      // Not the case that it was promoted to: that is a reference, and is observed as one.
      return {
        kind: "alert",
        id,
        title,
        description,
        severity,
        type: served.type,
        source: served.source,
        sourceRef: served.sourceRef,
        tags: plainTags,
      };
  }
}

function attachmentContent({ id, name }: z.infer<typeof attachment>): AttachmentContent {
  return { name, sha256: id };
}
