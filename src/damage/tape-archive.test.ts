import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { $ } from "zx";
import { flipBitOfMember, membersOf } from "./tape-archive.ts";

test("one bit of the largest member flips, and the archive is unpacked as before", async () => {
  const folder = await mkdtemp(join(tmpdir(), "muster-test-"));
  const quiet = $({ quiet: true, cwd: folder });
  try {
    await mkdir(join(folder, "set", "rows"), { recursive: true });
    await writeFile(join(folder, "set", "rows", "small.db"), "s".repeat(10));
    await writeFile(join(folder, "set", "rows", "large.db"), "l".repeat(1500));
    await writeFile(join(folder, "set", "other.txt"), "o".repeat(9000));
    await quiet`tar -cf archive.tar set`;
    const archive = await readFile(join(folder, "archive.tar"));
    expect([...membersOf(archive)].map(({ name, bytes }) => `${name} ${bytes}`).toSorted()).toEqual([
      "set/ 0",
      "set/other.txt 9000",
      "set/rows/ 0",
      "set/rows/large.db 1500",
      "set/rows/small.db 10",
    ]);
    await writeFile(join(folder, "archive.tar"), flipBitOfMember(archive, /\/rows\/[^/]+\.db$/));
    await rm(join(folder, "set"), { recursive: true });
    await quiet`tar -xf archive.tar`;
    const large = await readFile(join(folder, "set", "rows", "large.db"), "utf8");
    expect(large).toBe(`${"l".repeat(750)}|${"l".repeat(749)}`);
    expect(await readFile(join(folder, "set", "rows", "small.db"), "utf8")).toBe("s".repeat(10));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("an archive without such a member stays as it is", () => {
  const archive = Buffer.alloc(1024);
  expect(flipBitOfMember(archive, /x/)).toEqual(archive);
});
