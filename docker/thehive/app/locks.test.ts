import { expect, test } from "vitest";
import { Locks } from "./locks.ts";

test("work under one name runs one after the other, also where the first fails, and work under another name beside it", async () => {
  const locks = new Locks();
  const log: string[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const step = (name: string, wait: Promise<void>) => async () => {
    log.push(`${name} begins`);
    await wait;
    log.push(`${name} ends`);
  };

  const failing = locks.holding(["a", "b"], async () => {
    await step("first", opened)();
    throw new Error("no");
  });
  const second = locks.holding(["b"], step("second", Promise.resolve()));
  await locks.holding(["c"], step("other", Promise.resolve()));
  open();

  await expect(failing).rejects.toThrow("no");
  await second;
  expect(log).toEqual([
    "first begins",
    "other begins",
    "other ends",
    "first ends",
    "second begins",
    "second ends",
  ]);
});
