import { ApiError, type Route } from "./http.ts";
import type { Parts } from "./routes.ts";
import * as scripts from "./scripts.ts";
import { ensureAdministrator, type Sessions } from "./session.ts";
import { z } from "./shape.ts";

const indexName = "thehive_global";
const labels = ["Organisation", "User", "Case", "Task", "Log", "Observable", "Alert", "Attachment"];

/** Status of the index and its repair, for those who administer the platform. */
export function adminRoutes({ store, index }: Parts, sessions: Sessions): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v1/admin/index/status",
      handle: async ({ request }) => {
        ensureAdministrator(await sessions.of(request));
        // Counts come from the index itself; an error of the index counts as 0, as TheHive's own status does.
        const counts = await Promise.all(
          labels.map(async (label) => {
            const answer = await index.call("POST", `/${indexName}/_count`, {
              query: { term: { _label: label } },
            });
            return { name: label, count: Number(z.record(answer.json)?.["count"] ?? 0) };
          }),
        );
        return { status: 200, json: { index: counts } };
      },
    },
    {
      method: "POST",
      path: "/api/v1/admin/index/*/*",
      handle: async ({ request, parameters: [name = "", action = ""] }) => {
        ensureAdministrator(await sessions.of(request));
        if (name !== "global" && name !== "all")
          throw new ApiError(404, "NotFoundError", `Index ${name} not found`);
        if (action === "rebuild") await recreateIndex({ index });
        else if (action !== "reindex") throw new ApiError(404, "NotFoundError", `No such action: ${action}`);
        await store.graph.run(scripts.reindex, {}, 600_000);
        return { status: 204 };
      },
    },
  ];
}

/** Deletes the index and makes it again with the same mapping and alias: a re-index alone never removes what is too much. */
async function recreateIndex({ index }: Pick<Parts, "index">): Promise<void> {
  const current = z.record(z.record((await index.call("GET", `/${indexName}`)).json)?.[indexName]);
  if (current === undefined)
    throw new ApiError(400, "BadRequest", `Index ${indexName} has no mapping to keep`);
  await index.call("DELETE", `/${indexName}`);
  await index.call("PUT", `/${indexName}`, { mappings: current["mappings"], aliases: current["aliases"] });
}
