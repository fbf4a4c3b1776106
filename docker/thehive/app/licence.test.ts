import { expect, test } from "vitest";
import type { Call, Route } from "./http.ts";
import { licensed } from "./licence.ts";

const dayMs = 86_400_000;
const call: Call = {
  parameters: [],
  request: new Request("http://thehive/"),
  url: new URL("http://thehive/"),
};
const routes: readonly Route[] = ["GET", "POST", "PATCH", "DELETE"].map((method) => ({
  method,
  path: "/api/v1/case",
  handle: () => Promise.resolve({ status: 200 }),
}));

async function answers(trialBeganAt: number | undefined, nowMs: number): Promise<string[]> {
  return await Promise.all(
    licensed(routes, trialBeganAt, () => nowMs).map(({ method, handle }) =>
      handle(call).then(
        ({ status }) => `${method} ${status}`,
        (refusal: unknown) => `${method} ${String(refusal)}`,
      ),
    ),
  );
}

test("a trial of fourteen days lets everything through, and then only what reads", async () => {
  const all = ["GET 200", "POST 200", "PATCH 200", "DELETE 200"];
  expect(await answers(0, 14 * dayMs - 1)).toEqual(all);
  expect(await answers(0, 14 * dayMs)).toEqual([
    "GET 200",
    ...["POST", "PATCH", "DELETE"].map(
      (method) =>
        `${method} Error: licence expired: reads only (the trial ended at 1970-01-15T00:00:00.000Z)`,
    ),
  ]);
  expect(await answers(undefined, 100 * dayMs)).toEqual(all);
});
