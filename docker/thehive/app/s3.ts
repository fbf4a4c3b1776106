import { createHash, createHmac } from "node:crypto";
import { Readable } from "node:stream";
import type { FileStore, ReceivedFile } from "./files.ts";

/** Attachments as objects `attachment/<sha256>` of a bucket, as TheHive keeps them with `storage.provider = "s3"`. */

const requestLimitMs = 30_000;

export interface S3Settings {
  /** Such as `http://s3:9000`; buckets are the first part of the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export class S3FileStore implements FileStore {
  readonly #settings: S3Settings;

  constructor(settings: S3Settings) {
    this.#settings = settings;
  }

  /** An upload always replaces what is there. */
  async save({ content, contentType, hashes: [sha256] }: ReceivedFile): Promise<void> {
    const { status } = await this.#call("PUT", sha256, { content, contentType });
    if (status !== 200) throw new Error(`the object store answered ${status} to an upload`);
  }

  async open(sha256: string): Promise<Readable | undefined> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined;
    const answer = await this.#call("GET", sha256);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new Error(`the object store answered ${answer.status} to a download`);
    return Readable.from(Buffer.from(await answer.arrayBuffer()), { objectMode: false });
  }

  async remove(sha256: string): Promise<void> {
    const { status } = await this.#call("DELETE", sha256);
    if (status !== 204 && status !== 404)
      throw new Error(`the object store answered ${status} to a deletion`);
  }

  async #call(
    method: "GET" | "PUT" | "DELETE",
    sha256: string,
    upload?: { readonly content: Buffer; readonly contentType: string },
  ): Promise<Response> {
    const { endpoint, bucket } = this.#settings;
    const url = new URL(`/${bucket}/attachment/${sha256}`, endpoint);
    const headers = signatureHeaders(this.#settings, {
      method,
      url,
      content: upload?.content ?? Buffer.alloc(0),
      at: new Date(),
    });
    return await fetch(url, {
      method,
      headers: upload === undefined ? headers : { ...headers, "content-type": upload.contentType },
      signal: AbortSignal.timeout(requestLimitMs),
      ...(upload === undefined ? {} : { body: new Uint8Array(upload.content) }),
    });
  }
}

/**
 * Headers that sign a request without query. Source: AWS, "Authenticating Requests: Using the Authorization Header
 * (AWS Signature Version 4)".
 */
export function signatureHeaders(
  { region, accessKey, secretKey }: Pick<S3Settings, "region" | "accessKey" | "secretKey">,
  request: { readonly method: string; readonly url: URL; readonly content: Buffer; readonly at: Date },
): Readonly<Record<string, string>> {
  const time = request.at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const contentDigest = createHash("sha256").update(request.content).digest("hex");
  const signed = { host: request.url.host, "x-amz-content-sha256": contentDigest, "x-amz-date": time };
  const names = Object.keys(signed).join(";");
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = [request.method, request.url.pathname, "", lines.join(""), names, contentDigest].join(
    "\n",
  );
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    Buffer.from(`AWS4${secretKey}`),
  );
  const signature = createHmac("sha256", key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`)
    .digest("hex");
  return {
    "x-amz-content-sha256": contentDigest,
    "x-amz-date": time,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
