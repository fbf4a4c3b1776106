import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { badParameters } from "./errors.ts";
import { bodyOf, queryOf, saveBody } from "./http.ts";

const parametersSchema = z.looseObject({
  application_file_name: z.string().nullish(),
  visibility: z.string().nullish(),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * Saves the archive of an upload. Older clients send it as the body with parameters in the query; since 6.x both are parts of
 * a form: `params`, a JSON text, and `blueprint_archive`. @throws ApiError 400 where there is no archive
 */
export async function saveBlueprint(request: FastifyRequest, path: string): Promise<Parameters> {
  const contentType = request.headers["content-type"] ?? "";
  if (!contentType.startsWith("multipart/form-data")) {
    if ((await saveBody(request, path)) === 0) throw missing();
    return parametersSchema.parse(queryOf(request));
  }
  const body = Readable.toWeb(Readable.from(bodyOf(request), { objectMode: false })) as ReadableStream;
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
  const archive = form.get("blueprint_archive");
  if (archive === null || typeof archive === "string") throw missing();
  await writeFile(path, Buffer.from(await archive.arrayBuffer()));
  const parameters = form.get("params");
  return parametersSchema.parse(JSON.parse(typeof parameters === "string" ? parameters : "{}"));
}

function missing(): Error {
  return badParameters("Missing application archive in the request body");
}
