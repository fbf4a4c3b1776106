import type { Config } from "./config.ts";
import type { Route } from "./http.ts";
import type { IndexBackend } from "./index-backend.ts";
import { adminRoutes } from "./routes-admin.ts";
import { attachmentRoutes } from "./routes-attachment.ts";
import { caseRoutes } from "./routes-case.ts";
import { userRoutes } from "./routes-user.ts";
import { Sessions } from "./session.ts";
import type { Store } from "./store.ts";

/** What the routes work on. */
export interface Parts {
  readonly config: Config;
  readonly store: Store;
  readonly index: IndexBackend;
  readonly trialBeganAt: number | undefined;
}

/** Every end point of the application. */
export function routesOf({ config, store, index, trialBeganAt }: Parts): readonly Route[] {
  const sessions = new Sessions(config, store);
  return [
    ...userRoutes(store, sessions),
    ...caseRoutes(store, sessions, {
      addAudit: config.auditsInIndex ? (entry) => index.addAudit(entry) : undefined,
      trialBeganAt,
    }),
    ...attachmentRoutes(store, sessions),
    ...adminRoutes({ store, index }, sessions),
  ];
}
