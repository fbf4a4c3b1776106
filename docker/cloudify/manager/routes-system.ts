import type { FastifyInstance } from "fastify";
import type { Context } from "./context.ts";
import { apiPrefix, callerOf } from "./http.ts";
import { pageOf } from "./listing.ts";

export function systemRoutes(app: FastifyInstance, context: Context): void {
  const { config, database } = context;
  const version = {
    version: config.version,
    edition: "premium",
    build: "stand-in",
    commit: null,
    date: null,
    distribution: "debian",
    distro_release: "trixie",
  };

  app.get("/api/version", () => version);
  app.get(`${apiPrefix}/version`, () => version);

  app.get(`${apiPrefix}/status`, () => ({
    status: "OK",
    services: Object.fromEntries(
      ["PostgreSQL", "RabbitMQ", "Manager Rest-Service", "Management Worker"].map((name) => [
        name,
        { status: "Active", is_remote: false, extra_info: { stand_in: true } },
      ]),
    ),
  }));

  app.get(`${apiPrefix}/provider/context`, () => ({ name: "provider", context: { cloudify: {} } }));
  app.get(`${apiPrefix}/config`, async () =>
    pageOf(await database.rows("SELECT * FROM config ORDER BY scope, name")),
  );
  app.get(`${apiPrefix}/managers`, async () =>
    pageOf(await database.rows("SELECT * FROM managers ORDER BY id")),
  );
  app.get(`${apiPrefix}/brokers`, async () =>
    pageOf(await database.rows("SELECT * FROM rabbitmq_brokers ORDER BY name")),
  );
  app.get(`${apiPrefix}/db-nodes`, async () =>
    pageOf(await database.rows("SELECT * FROM db_nodes ORDER BY name")),
  );
  app.get(`${apiPrefix}/license`, async () =>
    pageOf(await database.rows("SELECT * FROM licenses ORDER BY id")),
  );

  app.get(`${apiPrefix}/license-check`, () => ({ status: "OK" }));

  app.post(
    `${apiPrefix}/tokens`,
    async (request, reply) => await reply.status(201).send(await token(request)),
  );
  app.get(`${apiPrefix}/tokens`, async (request) => await token(request));

  async function token(request: Parameters<typeof callerOf>[0]): Promise<object> {
    const caller = callerOf(request);
    const user = await database.row<{ api_token_key: string }>(
      "SELECT api_token_key FROM users WHERE id = $1",
      [caller.userId],
    );
    return {
      username: caller.username,
      role: caller.isAdmin ? "sys_admin" : "default",
      value: context.security.userToken(caller.username, user?.api_token_key ?? ""),
    };
  }
}
