import { ApiError, type Route } from "./http.ts";
import type { IndexBackend } from "./index-backend.ts";
import { readSchemaVersion, rebuildIndex, reindexLimitMs, schemaVersion } from "./initialise.ts";
import * as schema from "./schema.ts";
import { ensureAdministrator, type Sessions } from "./session.ts";
import type { Store } from "./store.ts";

const versions = { Muster: "stand-in", TheHive: "5.7.5", JanusGraph: "1.1.0" };

/** Status of the application; status of the index and its repair, for those who administer the platform. */
export function adminRoutes(
  { store, index }: { readonly store: Store; readonly index: IndexBackend },
  sessions: Sessions,
): readonly Route[] {
  const publicStatus = () =>
    Promise.resolve({ status: 200, json: { version: `${versions.TheHive} (stand-in)` } });
  return [
    { method: "GET", path: "/api/v1/status/public", handle: publicStatus },
    { method: "GET", path: "/api/status", handle: publicStatus },
    {
      method: "GET",
      path: "/api/v1/status",
      handle: async ({ request }) => {
        await sessions.of(request);
        const currentVersion = (await readSchemaVersion(store)) ?? null;
        const error = currentVersion === schemaVersion ? null : `the schema has version ${currentVersion}`;
        return {
          status: 200,
          json: {
            versions,
            schemaStatus: [{ name: "thehive", currentVersion, expectedVersion: schemaVersion, error }],
          },
        };
      },
    },
    {
      method: "GET",
      path: "/api/v1/admin/index/status",
      handle: async ({ request }) => {
        ensureAdministrator(await sessions.of(request));
        const counts = await Promise.all(
          schema.entityLabels.map(async (name) => ({ name, count: await index.count(name) })),
        );
        return { status: 200, json: { index: counts, status: await index.status() } };
      },
    },
    {
      method: "POST",
      path: "/api/v1/admin/index/*/*",
      handle: async ({ request, parameters: [name = "", action = ""] }) => {
        ensureAdministrator(await sessions.of(request));
        if (name !== "global" && name !== "all")
          throw new ApiError(404, "NotFoundError", `Index ${name} not found`);
        if (action !== "rebuild" && action !== "reindex")
          throw new ApiError(404, "NotFoundError", `No such action: ${action}`);
        if (action === "rebuild") await rebuildIndex(store, index);
        else await store.graph.run(schema.reindex, {}, reindexLimitMs);
        return { status: 204 };
      },
    },
  ];
}
