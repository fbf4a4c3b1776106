import { expect, test } from "vitest";
import { installOnce } from "./first-installation.ts";

const spec = { storeServices: ["store"], installation: [["cp", "file"], ["exec"]] };

test("the stores start, then each step is done, and again until it ends well", async () => {
  const done: string[] = [];
  let refusals = 1;
  await installOnce(
    spec,
    async (services) => {
      done.push(`start ${services.join(",")}`);
    },
    async ([word = ""]) => {
      done.push(word);
      if (word === "exec" && refusals > 0) {
        refusals -= 1;
        throw new Error("nobody is let in yet");
      }
    },
  );
  expect(done).toEqual(["start store", "cp", "exec", "exec"]);
});

test("without steps nothing is started before the rest", async () => {
  await installOnce(
    { storeServices: ["store"] },
    () => Promise.reject(new Error("started")),
    () => Promise.reject(new Error("called")),
  );
});
