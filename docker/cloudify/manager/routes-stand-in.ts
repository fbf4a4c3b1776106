import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import { callerOf, jsonBody } from "./http.ts";
import { ensureMay } from "./identity.ts";

/** What no manager has: its state for drills, its clock, and the point at which it is to stop. */
export function standInRoutes(app: FastifyInstance, context: Context): void {
  const { config, database } = context;

  app.get("/stand-in/health", async () => {
    await database.rows("SELECT 1");
    await context.broker.waitUntilConnected(0);
    return { stand_in: true };
  });
  app.get("/stand-in/state", (request) => {
    ensureMay(callerOf(request), "administer");
    return {
      profile: config.profile,
      conformance: config.conformance,
      offset_ms: context.clock.offsetMs,
      now: context.clock.stamp(),
      stop_at: context.stops.at,
      is_restoring: context.files.isRestoring,
    };
  });
  app.put("/stand-in/clock", async (request) => {
    ensureMay(callerOf(request), "administer");
    const { offset_ms: offsetMs } = z.object({ offset_ms: z.number().int() }).parse(await jsonBody(request));
    context.clock.offsetMs = offsetMs;
    return { offset_ms: offsetMs, now: context.clock.stamp() };
  });
  app.put("/stand-in/stop", async (request) => {
    ensureMay(callerOf(request), "administer");
    const { at } = z.object({ at: z.string() }).parse(await jsonBody(request));
    context.stops.at = at;
    return { at };
  });
}
