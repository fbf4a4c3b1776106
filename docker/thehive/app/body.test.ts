import { expect, test } from "vitest";
import { pickFields, readBody } from "./body.ts";

function requestWith(body: FormData | string): Request {
  return new Request("http://thehive/", { method: "POST", body });
}

test("a multipart body gives the JSON of its part _json and its files, empty ones too", async () => {
  const form = new FormData();
  form.append("_json", JSON.stringify({ message: "größe" }));
  form.append("attachments", new Blob(["abc"], { type: "text/plain" }), "größe 大.txt");
  form.append("attachments", new Blob([]), "empty");

  const { fields, files } = await readBody(requestWith(form));

  expect(fields).toEqual({ message: "größe" });
  expect(files.map(({ name, size, type }) => ({ name, size, type }))).toEqual([
    { name: "größe 大.txt", size: 3, type: "text/plain" },
    { name: "empty", size: 0, type: "application/octet-stream" },
  ]);
});

test("the JSON of a multipart body may come as a file", async () => {
  const form = new FormData();
  form.append("_json", new Blob(['{"a":1}'], { type: "application/json" }), "json");

  expect(await readBody(requestWith(form))).toEqual({ fields: { a: 1 }, files: [] });
});

test.each(["{", "[]", "null", '"text"'])("the body %s is refused", async (text) => {
  await expect(readBody(requestWith(text))).rejects.toMatchObject({ status: 400 });
});

test("known fields are picked, unknown ones are passed over, equal tags become one", () => {
  expect(
    pickFields(
      { title: "t", severity: 3, tags: ["a", "b", "a"], other: 1 },
      ["title", "severity", "tags"],
      ["title"],
    ),
  ).toEqual({
    title: "t",
    severity: 3,
    tags: ["a", "b"],
  });
});

test.each([
  [{ title: "" }, "Missing attribute title"],
  [{ title: 5 }, "Invalid format for title"],
  [{ title: "t", severity: 9 }, "Invalid format for severity"],
  [{ title: "t", tags: "a" }, "Invalid format for tags"],
  [{ title: "t".repeat(8_001) }, "Invalid format for title"],
])("the fields %j are refused", (fields, message) => {
  expect(() => pickFields(fields, ["title", "severity", "tags"], ["title"])).toThrow(message);
});
