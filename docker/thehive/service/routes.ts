import type { Config } from "./config.ts";
import type { IndexBackend } from "./database.ts";
import { adminRoutes } from "./routes-admin.ts";
import { caseRoutes } from "./routes-case.ts";
import { userRoutes } from "./routes-user.ts";
import type { Route } from "./http.ts";
import { Sessions } from "./session.ts";
import type { Store } from "./store.ts";

export interface Parts {
  readonly config: Config;
  readonly store: Store;
  readonly index: IndexBackend;
}

export function routesOf(parts: Parts): Route[] {
  const sessions = new Sessions(parts.config, parts.store);
  return [
    ...userRoutes(parts, sessions),
    ...caseRoutes(parts.store, sessions),
    ...adminRoutes(parts, sessions),
  ];
}
