import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { StopPoints } from "./stop-points.ts";

test("a restore that is held goes on once nothing is asked for any more, and other points do not hold it", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const stops = new StopPoints("hold:before:database");
  await stops.reach("after:files");
  let isThrough = false;
  const held = stops.reach("before:database").then(() => (isThrough = true));
  await sleep(250);
  expect(isThrough).toBe(false);
  stops.at = "";
  await held;
  expect(said.mock.calls.flat()).toEqual(["held at before:database, as asked", "let go at before:database"]);
  said.mockRestore();
});

test("a stop point ends the process as a crash does", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  await new StopPoints("after:database").reach("before:database");
  expect(exit).not.toHaveBeenCalled();
  await new StopPoints("after:database").reach("after:database");
  expect(exit).toHaveBeenCalledWith(137);
  exit.mockRestore();
  said.mockRestore();
});
