import { expect, test } from "vitest";
import { nearestNames, parseDrill } from "./drill.ts";

const drill = "title: T\nsystem: s\nrunbook: r.runbook.md\n";

test("a drill gets its defaults", () => {
  expect(parseDrill(drill, "d.yaml")).toMatchObject({
    seed: 1,
    scale: "small",
    objectives: { lostAcknowledged: 0 },
    schedule: "every-change",
  });
});

test("a drill may say how it ends, strictly", () => {
  expect(parseDrill(`${drill}expect: { result: not-verified }\n`, "d.yaml").expect).toEqual({
    result: "not-verified",
    invariants: [],
  });
  expect(() => parseDrill(`${drill}expect: { result: failed }\n`, "d.yaml")).toThrow("expect.result");
  expect(() => parseDrill(`${drill}expect: { result: verified, invariant: [] }\n`, "d.yaml")).toThrow(
    'unknown key "expect.invariant"',
  );
});

test("an unknown key is refused, and the nearest known key is offered", () => {
  expect(() => parseDrill(`${drill}sede: 4\n`, "d.yaml")).toThrow(
    'd.yaml: unknown key "sede" (nearest: seed)',
  );
});

test("an unknown key inside the objectives is refused with its whole path", () => {
  expect(() => parseDrill(`${drill}objectives: { rtoSecond: 4 }\n`, "d.yaml")).toThrow(
    'unknown key "objectives.rtoSecond" (nearest: rtoSeconds',
  );
});

test("text that is not YAML is refused", () => {
  expect(() => parseDrill("a: [", "d.yaml")).toThrow("d.yaml: is not YAML");
});

test("nearest names come best first, and nothing is offered for a word that is far from all", () => {
  expect(nearestNames("orchard/col", ["tutorial/cold", "orchard/cold", "orchard/cold-official"])).toEqual([
    "orchard/cold",
    "orchard/cold-official",
  ]);
  expect(nearestNames("zzzzzzzz", ["orchard/cold"])).toEqual([]);
});
