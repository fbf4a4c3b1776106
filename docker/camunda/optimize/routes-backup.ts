import type { Backups } from "./backup.ts";
import { ApiError, type Route } from "./http.ts";
import { asFields } from "./json.ts";

/**
 * Backup id of a body or a path: a positive integer, up to what a double holds.
 * @throws ApiError 400
 */
export function backupIdOf(value: unknown): number {
  const id = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof id === "number" && Number.isSafeInteger(id) && id > 0) return id;
  throw new ApiError(400, `A backupId must be a positive integer, got ${JSON.stringify(value) ?? "none"}`);
}

/** End points of the management port. @see docs.camunda.io, Optimize backup (8.6) */
export function backupRoutes(backups: Backups): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/actuator/backups",
      handle: async ({ body }) => {
        const backupId = backupIdOf(asFields(await body())["backupId"]);
        await backups.begin(backupId);
        const message = `Backup creation for ID ${backupId} has been scheduled. Use the GET API to monitor completion of backup process`;
        return { status: 202, json: { message } };
      },
    },
    {
      method: "GET",
      path: "/actuator/backups",
      handle: async () => ({ status: 200, json: await backups.readAll() }),
    },
    {
      method: "GET",
      path: "/actuator/backups/*",
      handle: async ({ parameter }) => ({ status: 200, json: await backups.read(backupIdOf(parameter)) }),
    },
    {
      method: "DELETE",
      path: "/actuator/backups/*",
      handle: async ({ parameter }) => {
        await backups.delete(backupIdOf(parameter));
        return { status: 204 };
      },
    },
  ];
}
