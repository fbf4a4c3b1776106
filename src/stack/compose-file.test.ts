import { expect, test } from "vitest";
import { fillVariable } from "./compose-file.ts";

const environment = "OTHER=a\nIMAGE=localhost/one:1\nEMPTY=\n";

test.each([
  ["alpine:3", "alpine:3"],
  ["${IMAGE}", "localhost/one:1"],
  ["${IMAGE:-alpine:3}", "localhost/one:1"],
  ["${IMAGE:?is built before}", "localhost/one:1"],
  ["${MISSING:-alpine:3}", "alpine:3"],
  ["${EMPTY:-alpine:3}", "alpine:3"],
])("%s of a compose file stands for %s", (written, meant) => {
  expect(fillVariable(written, environment)).toBe(meant);
});

test("what nobody set and has no default stays as it is written, so that the engine refuses it", () => {
  expect(fillVariable("${MISSING:?is built before}", environment)).toBe("${MISSING:?is built before}");
});
