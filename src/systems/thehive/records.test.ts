import { expect, test } from "vitest";
import { bodyOf, contentOf, digestOfRecord, markerOfServed, servedSchema, type Content } from "./records.ts";

const written: readonly Content[] = [
  { kind: "organisation", id: "organisation-000001", description: "Früherkennung" },
  {
    kind: "user",
    id: "user-000001",
    login: "ada@nordhafen.example",
    profile: "analyst",
    organisation: "organisation-000001",
  },
  {
    kind: "case",
    id: "case-000001",
    title: "Vorfall Ω",
    description: "a\nb",
    severity: 2,
    status: "New",
    tags: ["重要", "phishing"],
  },
  {
    kind: "task",
    id: "task-000001",
    parent: "case-000001",
    title: "Isolate",
    description: "é",
    status: "Waiting",
  },
  {
    kind: "log",
    id: "log-000001",
    parent: "task-000001",
    message: "isolé",
    attachments: [
      { name: "b.txt", sha256: "bb" },
      { name: "a.txt", sha256: "aa" },
    ],
  },
  {
    kind: "observable",
    id: "observable-000001",
    parent: "case-000001",
    dataType: "ip",
    data: "198.51.100.7",
    message: "m",
    tags: [],
    attachment: null,
  },
  {
    kind: "observable",
    id: "observable-000002",
    parent: "case-000001",
    dataType: "file",
    data: null,
    message: "m",
    tags: ["t"],
    attachment: { name: "ä.pdf", sha256: "cc" },
  },
  {
    kind: "alert",
    id: "alert-000001",
    title: "t",
    description: "d",
    severity: 1,
    type: "siem",
    source: "muster",
    sourceRef: "ref-1",
    tags: ["x"],
  },
];

test.each(written)("a $kind that is served as it was written has the digest of its fact", (content) => {
  const seq = 17;
  // What the API adds, and the order of tags and attachments, are no content.
  const attachments =
    content.kind === "log"
      ? content.attachments.toReversed().map(({ name, sha256 }) => ({ id: sha256, name }))
      : [];
  const attachment =
    content.kind === "observable" && content.attachment !== null
      ? { id: content.attachment.sha256, name: content.attachment.name }
      : undefined;
  const organisation = content.kind === "user" ? { organisation: "muster:organisation-000001:000003" } : {};
  const body = bodyOf(content, seq);
  const tags = Array.isArray(body["tags"]) ? { tags: body["tags"].toReversed() } : {};
  const served = servedSchema.parse({
    _id: "~8",
    _createdAt: 1,
    ...body,
    ...tags,
    ...organisation,
    attachments,
    attachment,
  });
  const marker = markerOfServed(content.kind, served);
  expect(marker).toEqual({ kind: content.kind, id: content.id, seq });
  if (marker === undefined) return;
  expect(
    digestOfRecord(contentOf(marker, served, "parent" in content ? content.parent : ""), marker.seq),
  ).toBe(digestOfRecord(content, seq));
});

test("another version, another title and another parent have another digest", () => {
  const [, , opened, task] = written;
  if (opened?.kind !== "case" || task?.kind !== "task") throw new Error("the list above has changed");
  expect(digestOfRecord(opened, 1)).not.toBe(digestOfRecord(opened, 2));
  expect(digestOfRecord(opened, 1)).not.toBe(digestOfRecord({ ...opened, title: "Vorfall O" }, 1));
  expect(digestOfRecord(task, 1)).not.toBe(digestOfRecord({ ...task, parent: "case-000002" }, 1));
});

test("a record without a marker was not written by Muster", () => {
  expect(
    markerOfServed(
      "user",
      servedSchema.parse({ _id: "~4", name: "Default admin user", login: "admin@thehive.local" }),
    ),
  ).toBeUndefined();
});
