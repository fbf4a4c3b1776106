import { randomUUID } from "node:crypto";
import type { Answer, Route } from "./http.ts";

/** One entry of the audit trail. Field names as in TheHive's model `Audit`; `details` is what was written, as JSON. */
export interface AuditEntry {
  readonly requestId: string;
  readonly action: "create" | "update" | "delete";
  readonly path: string;
  readonly details: string;
  readonly _createdAt: number;
}

const actions: Readonly<Record<string, AuditEntry["action"]>> = {
  POST: "create",
  PATCH: "update",
  DELETE: "delete",
};

/**
 * The same route, which leaves an audit entry of every call that changed something, before it is answered. Entries are of
 * what came after the database had taken it: a crash in between loses the entry and not the change, as in TheHive.
 */
export function audited(route: Route, add: (entry: AuditEntry) => Promise<void>): Route {
  const action = actions[route.method];
  if (action === undefined) return route;
  return {
    ...route,
    handle: async (call) => {
      const request = action === "update" ? call.request.clone() : undefined;
      const answer = await route.handle(call);
      const details = request === undefined ? writtenIn(answer) : await request.text();
      await add({
        requestId: randomUUID(),
        action,
        path: call.url.pathname,
        details,
        _createdAt: Date.now(),
      });
      return answer;
    },
  };
}

function writtenIn(answer: Answer): string {
  return "bytes" in answer || answer.json === undefined ? "" : JSON.stringify(answer.json);
}
