import { expect, test } from "vitest";
import { parseVertices, render, vertexIdOf } from "./entities.ts";

test("an entity is shown as the API shows it: no password, hashes in the order of their strength", () => {
  const fields = {
    _label: "Log",
    message: "m",
    taskId: "~8",
    createdBy: "a",
    createdAt: 5,
    password: "never",
  };
  const file = {
    _label: "Attachment",
    attachmentId: "a".repeat(64),
    hashes: ["c".repeat(32), "a".repeat(64), "b".repeat(40)],
    name: "n",
    size: 0,
    contentType: "text/plain",
  };
  const [vertex] = parseVertices([
    { id: "9007199254740993", fields, attachments: [{ id: "16", fields: file }] },
  ]);
  if (vertex === undefined) throw new Error("no vertex was read");

  expect(render(vertex)).toEqual({
    _id: "~9007199254740993",
    _type: "Log",
    _createdBy: "a",
    _createdAt: 5,
    _parent: "~8",
    message: "m",
    taskId: "~8",
    attachments: [
      {
        _id: "~16",
        _type: "Attachment",
        id: "a".repeat(64),
        name: "n",
        hashes: ["a".repeat(64), "b".repeat(40), "c".repeat(32)],
        size: 0,
        contentType: "text/plain",
      },
    ],
  });
});

test.each([
  ["~8", "8"],
  ["~9223372036854775807", "9223372036854775807"],
  ["~9223372036854775808", undefined],
  ["8", undefined],
  ["~-8", undefined],
  ["~", undefined],
])("the id %s is vertex %s", (id, expected) => {
  expect(vertexIdOf(id)).toBe(expected);
});
