import { expect, test } from "vitest";
import { chooseSettings, type Setting } from "./system.ts";

const offered: Readonly<Record<string, Setting>> = {
  storage: { values: ["local", "bucket"], meaning: "where files live" },
};

test("without a word the first value of a setting holds, and a drill may choose another", () => {
  expect(chooseSettings("app", offered, {})).toEqual({ storage: "local" });
  expect(chooseSettings("app", offered, { storage: "bucket" })).toEqual({ storage: "bucket" });
  expect(chooseSettings("app", {}, {})).toEqual({});
});

test("a setting or a value that the system does not offer is refused, with what it offers", () => {
  expect(() => chooseSettings("app", offered, { storage: "tape" })).toThrow(
    'app: setting storage is "tape", expected local or bucket',
  );
  expect(() => chooseSettings("app", offered, { stroage: "local" })).toThrow('app has no setting "stroage"');
});
