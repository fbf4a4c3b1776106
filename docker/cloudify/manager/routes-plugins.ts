import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "./context.ts";
import { ApiError, badParameters, notFound } from "./errors.ts";
import { apiPrefix, callerOf, parametersOf, queryOf, saveBody } from "./http.ts";
import { ensureMay } from "./identity.ts";
import { getResource, listResources } from "./listing.ts";
import { plugins } from "./resources.ts";
import { sendFile } from "./send-file.ts";
import { readWagon } from "./wagon.ts";

export function pluginRoutes(app: FastifyInstance, context: Context): void {
  const { database, files } = context;

  app.get(`${apiPrefix}/plugins`, async (request) => {
    return await listResources(database, plugins, { caller: callerOf(request), query: queryOf(request) });
  });

  app.get(`${apiPrefix}/plugins/:id`, async (request) => {
    const { id = "" } = parametersOf(request);
    return plugins.present(await getResource(database, plugins, callerOf(request), id));
  });

  app.post(`${apiPrefix}/plugins`, async (request, reply) => await upload(context, request, reply));

  app.get(`${apiPrefix}/plugins/:id/archive`, async (request, reply) => {
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, plugins, callerOf(request), id);
    const name = String(row["archive_name"]);
    if (!existsSync(files.plugin(id, name))) throw notFound("Plugin archive", id);
    return await sendFile(reply, files.plugin(id, name), name);
  });

  app.delete(`${apiPrefix}/plugins/:id`, async (request) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, plugins, caller, id);
    await database.rows("DELETE FROM plugins WHERE id = $1", [id]);
    await files.remove(files.resource("plugins", id));
    return plugins.present(row);
  });
}

/** What was uploaded is kept as it came, beside the yaml out of it. */
async function upload(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database, files, clock } = context;
  const caller = callerOf(request);
  ensureMay(caller, "write");
  const query = queryOf(request);
  const id = query["id"] ?? randomUUID();
  const work = await mkdtemp(join(files.resource("plugins"), ".upload-"));
  try {
    const uploaded = join(work, "upload");
    if ((await saveBody(request, uploaded)) === 0)
      throw badParameters("Missing plugin archive in the request body");
    const wagon = await readWagon(uploaded, work);
    const suffix = wagon.wagonName === undefined ? "wgn" : "zip";
    const archiveName = `${wagon.packageName}-${wagon.packageVersion}.${suffix}`;
    const inserted = await database.row(
      `INSERT INTO plugins (id, visibility, uploaded_at, archive_name, package_name, package_version, title, _tenant_id, _creator_id)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE NOT EXISTS
         (SELECT 1 FROM plugins WHERE package_name = $5 AND package_version = $6 AND _tenant_id = $8) RETURNING id`,
      [
        ...[id, query["visibility"] ?? "tenant", clock.stamp(), archiveName, wagon.packageName],
        ...[wagon.packageVersion, query["title"] ?? wagon.packageName, caller.tenantId, caller.userId],
      ],
    );
    if (inserted === undefined)
      throw new ApiError(
        409,
        "conflict_error",
        `a plugin archive by the name of ${archiveName} already exists for package with name ${wagon.packageName} and version ${wagon.packageVersion}`,
      );
    await mkdir(dirname(files.plugin(id, archiveName)), { recursive: true });
    await rename(uploaded, files.plugin(id, archiveName));
    if (wagon.yaml !== undefined) await files.write(files.plugin(id, "plugin.yaml"), wagon.yaml);
  } finally {
    await files.remove(work);
  }
  const row = await getResource(database, plugins, caller, id);
  return await reply.status(201).send(plugins.present(row));
}
