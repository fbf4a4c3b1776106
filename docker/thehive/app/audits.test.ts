import { expect, test } from "vitest";
import { audited, type AuditEntry } from "./audits.ts";
import { ApiError, type Route } from "./http.ts";

function callOf(route: Route, body?: string) {
  const entries: AuditEntry[] = [];
  const url = new URL("http://thehive/api/v1/case/~8");
  const init = { method: route.method, ...(body === undefined ? {} : { body }) };
  const handle = audited(route, (entry) => {
    entries.push(entry);
    return Promise.resolve();
  }).handle;
  return { entries, answer: handle({ parameters: ["~8"], request: new Request(url, init), url }) };
}

test("a creation is told by what it answers, a change by what it was sent, a deletion by its path", async () => {
  const created = callOf({
    method: "POST",
    path: "/",
    handle: () => Promise.resolve({ status: 201, json: { title: "new" } }),
  });
  const changed = callOf(
    {
      method: "PATCH",
      path: "/",
      handle: async ({ request }) => {
        await request.text();
        return { status: 204 };
      },
    },
    '{"title":"other"}',
  );
  const removed = callOf({ method: "DELETE", path: "/", handle: () => Promise.resolve({ status: 204 }) });

  expect((await created.answer).status).toBe(201);
  await changed.answer;
  await removed.answer;
  expect(created.entries).toMatchObject([{ action: "create", details: '{"title":"new"}' }]);
  expect(changed.entries).toMatchObject([{ action: "update", details: '{"title":"other"}' }]);
  expect(removed.entries).toMatchObject([{ action: "delete", path: "/api/v1/case/~8", details: "" }]);
});

test("a refused call leaves no entry, and neither does a reading", async () => {
  const refused = callOf({
    method: "POST",
    path: "/",
    handle: () => Promise.reject(new ApiError(400, "BadRequest", "no title")),
  });
  const read = callOf({ method: "GET", path: "/", handle: () => Promise.resolve({ status: 200 }) });

  await expect(refused.answer).rejects.toThrow("no title");
  await read.answer;
  expect([...refused.entries, ...read.entries]).toEqual([]);
});
