import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Security, securityConfigSchema } from "./security.ts";

let folder: string;
let security: Security;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudify-security-"));
  security = new Security(join(folder, "rest-security.conf"));
  await security.prepare();
});

afterEach(async () => await rm(folder, { recursive: true }));

test("a value is read back with the same key, and differs from what is stored", () => {
  const stored = security.encrypt("päss wörd");
  expect(stored).not.toContain("wörd");
  expect(security.decrypt(stored)).toBe("päss wörd");
  expect(security.encrypt("päss wörd")).not.toBe(stored);
});

test("a value of another manager's key is refused", async () => {
  const other = new Security(join(folder, "other.conf"));
  await other.prepare();
  const stored = other.encrypt("secret");
  expect(() => security.decrypt(stored)).toThrow("cannot be decrypted");
});

test("a value that was changed by one byte is refused", () => {
  const stored = Buffer.from(security.encrypt("secret"), "base64url");
  stored[12] = (stored[12] ?? 0) ^ 1;
  expect(() => security.decrypt(stored.toString("base64url"))).toThrow("cannot be decrypted");
});

test("a password is accepted under the salt that it was stored with only", async () => {
  const stored = security.hashPassword("open sesame");
  expect(security.verifyPassword("open sesame", stored)).toBe(true);
  expect(security.verifyPassword("open sesam", stored)).toBe(false);
  const config = securityConfigSchema.parse(JSON.parse(await readFile(security.path, "utf8")));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await writeFile(security.path, JSON.stringify({ ...config, hash_salt: "another" }));
  expect(security.verifyPassword("open sesame", stored)).toBe(false);
});

test("the file of a manager that has one is left alone", async () => {
  const before = await readFile(security.path, "utf8");
  await security.prepare();
  expect(await readFile(security.path, "utf8")).toBe(before);
  expect(Object.keys(JSON.parse(before) as object)).toEqual([
    "hash_salt",
    "secret_key",
    "encoding_alphabet",
    "encoding_block_size",
    "encoding_min_length",
    "encryption_key",
  ]);
});
