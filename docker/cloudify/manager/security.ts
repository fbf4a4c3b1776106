import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { z } from "zod";

/** The six keys of the product's file of the same name. */
export const securityConfigSchema = z.object({
  hash_salt: z.string(),
  secret_key: z.string(),
  encoding_alphabet: z.string(),
  encoding_block_size: z.number(),
  encoding_min_length: z.number(),
  /** 64 bytes in base64url: 32 to authenticate, 32 to encrypt. */
  encryption_key: z.string(),
});
type SecurityConfig = z.infer<typeof securityConfigSchema>;

const passwordRounds = 1000;
const tokenVersion = 0x80;
const headBytes = 9;
const ivBytes = 16;
const macBytes = 32;

/** Salts and keys of a manager, from a file that a restore replaces; read anew whenever the file has changed. */
export class Security {
  readonly path: string;
  #readAt: number | undefined;
  #config: SecurityConfig | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the file of a new manager; leaves one that is there. */
  async prepare(): Promise<void> {
    if (existsSync(this.path)) return;
    const config: SecurityConfig = {
      hash_salt: randomBytes(32).toString("base64"),
      secret_key: randomBytes(32).toString("base64"),
      encoding_alphabet: shuffled("abcdefghijklmnopqrstuvwxyz0123456789"),
      encoding_block_size: 24,
      encoding_min_length: 5,
      encryption_key: base64UrlPadded(randomBytes(64)),
    };
    // Another manager over the same folder may be first.
    await writeFile(this.path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: "wx" }).catch(
      (problem: NodeJS.ErrnoException) => {
        if (problem.code !== "EEXIST") throw problem;
      },
    );
  }

  get config(): SecurityConfig {
    const changedAt = statSync(this.path).mtimeMs;
    if (this.#config === undefined || this.#readAt !== changedAt) {
      this.#config = securityConfigSchema.parse(JSON.parse(readFileSync(this.path, "utf8")));
      this.#readAt = changedAt;
    }
    return this.#config;
  }

  hashPassword(password: string, salt = randomBytes(12).toString("hex")): string {
    const salted = createHmac("sha512", this.config.hash_salt).update(password).digest("base64");
    const hash = pbkdf2Sync(salted, salt, passwordRounds, 32, "sha256").toString("base64");
    return `$pbkdf2-sha256$${passwordRounds}$${salt}$${hash}`;
  }

  verifyPassword(password: string, stored: string): boolean {
    const salt = stored.split("$")[3] ?? "";
    const actual = Buffer.from(this.hashPassword(password, salt));
    const expected = Buffer.from(stored);
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }

  /** Of the token that an execution authenticates with only this is stored. */
  hashToken(token: string): string {
    return createHash("sha256").update(token).digest("hex");
  }

  /** A token for `Authentication-Token`: whose, and a proof that this manager gave it. */
  userToken(username: string, tokenKey: string): string {
    const name = Buffer.from(username).toString("base64url");
    return `${name}.${createHmac("sha256", this.config.secret_key).update(`${username}\0${tokenKey}`).digest("base64url")}`;
  }

  encrypt(plain: string): string {
    const [signing, encryption] = this.#keys(this.config.encryption_key);
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-cbc", encryption, iv);
    const head = Buffer.alloc(headBytes);
    head[0] = tokenVersion;
    head.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000)), 1);
    const signed = Buffer.concat([head, iv, cipher.update(plain, "utf8"), cipher.final()]);
    const mac = createHmac("sha256", signing).update(signed).digest();
    return base64UrlPadded(Buffer.concat([signed, mac]));
  }

  /** @throws Error where the text was not encrypted with this manager's key */
  decrypt(token: string): string {
    const [signing, encryption] = this.#keys(this.config.encryption_key);
    const bytes = Buffer.from(token, "base64url");
    const signed = bytes.subarray(0, -macBytes);
    const mac = createHmac("sha256", signing).update(signed).digest();
    const seen = bytes.subarray(-macBytes);
    if (bytes[0] !== tokenVersion || seen.length !== macBytes || !timingSafeEqual(mac, seen))
      throw new Error("the value cannot be decrypted with this manager's encryption_key");
    const iv = signed.subarray(headBytes, headBytes + ivBytes);
    const decipher = createDecipheriv("aes-256-cbc", encryption, iv);
    const plain = Buffer.concat([decipher.update(signed.subarray(headBytes + ivBytes)), decipher.final()]);
    return plain.toString("utf8");
  }

  #keys(key: string): [Buffer, Buffer] {
    const bytes = Buffer.from(key, "base64url");
    return [bytes.subarray(0, 32), bytes.subarray(32, 64)];
  }
}

function shuffled(letters: string): string {
  const keyed = letters.split("").map((letter) => ({ letter, key: randomBytes(8).toString("hex") }));
  return keyed
    .toSorted((left, right) => left.key.localeCompare(right.key))
    .map(({ letter }) => letter)
    .join("");
}

/** Python's decoder refuses what has no padding. */
function base64UrlPadded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
