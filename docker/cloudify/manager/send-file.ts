import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyReply } from "fastify";

/** A download with its length: the vendor's client stops where that is not told. */
export async function sendFile(reply: FastifyReply, path: string, name: string): Promise<FastifyReply> {
  const { size } = await stat(path);
  return reply
    .header("content-type", "application/octet-stream")
    .header("content-length", size)
    .header("content-disposition", `attachment; filename=${name}`)
    .send(createReadStream(path));
}
