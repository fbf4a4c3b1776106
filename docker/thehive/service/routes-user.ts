import { hashPassword } from "./auth.ts";
import { pickFields, readBody } from "./body.ts";
import { schemaVersion } from "./database.ts";
import { apiId, render } from "./entities.ts";
import { ApiError, type Route } from "./http.ts";
import type { Parts } from "./routes.ts";
import * as scripts from "./scripts.ts";
import { ensureAdministrator, type Sessions } from "./session.ts";

const versions = { TheHive: "5.7.5 (stand-in)", JanusGraph: "1.1.0" };

/** Login, status, organisations and users. */
export function userRoutes({ store }: Parts, sessions: Sessions): Route[] {
  const created = (login: string) => ({ createdBy: login, createdAt: Date.now() });
  return [
    {
      method: "GET",
      path: "/api/v1/status/public",
      handle: () => Promise.resolve({ status: 200, json: { version: versions.TheHive } }),
    },
    {
      method: "GET",
      path: "/api/v1/status",
      handle: async ({ request }) => {
        await sessions.of(request);
        const { version } = (await store.graph.run(scripts.readVersion)) as { version: number | null };
        return {
          status: 200,
          json: {
            versions,
            schemaStatus: [
              { name: "thehive", currentVersion: version, expectedVersion: schemaVersion, error: null },
            ],
          },
        };
      },
    },
    {
      method: "POST",
      path: "/api/v1/login",
      handle: async ({ request }) => {
        const { fields } = await readBody(request);
        const session = await sessions.login(String(fields["user"]), String(fields["password"]));
        const token = sessions.token(session.login);
        return {
          status: 200,
          json: { login: session.login, token },
          headers: { "set-cookie": `THEHIVE-SESSION=${token}; Path=/; HttpOnly` },
        };
      },
    },
    {
      method: "GET",
      path: "/api/v1/user/current",
      handle: async ({ request }) => {
        const user = await store.userByLogin((await sessions.of(request)).login);
        if (user === undefined) throw new ApiError(404, "NotFoundError", "User not found");
        return { status: 200, json: render(user) };
      },
    },
    {
      method: "POST",
      path: "/api/v1/organisation",
      handle: async ({ request }) => {
        const session = await sessions.of(request);
        ensureAdministrator(session);
        const fields = pickFields(
          (await readBody(request)).fields,
          ["name", "description"],
          ["name", "description"],
        );
        return {
          status: 201,
          json: render(
            await store.create({ label: "Organisation", fields: { ...fields, ...created(session.login) } }),
          ),
        };
      },
    },
    {
      method: "POST",
      path: "/api/v1/user",
      handle: async ({ request }) => {
        const session = await sessions.of(request);
        ensureAdministrator(session);
        const body = (await readBody(request)).fields;
        const fields = pickFields(
          body,
          ["login", "name", "organisation", "profile"],
          ["login", "name", "organisation", "profile"],
        );
        if ((await store.userByLogin(String(fields["login"]))) !== undefined)
          throw new ApiError(400, "CreateError", `User ${String(fields["login"])} already exists`);
        const password =
          typeof body["password"] === "string" ? { password: hashPassword(body["password"]) } : {};
        return {
          status: 201,
          json: render(
            await store.create({
              label: "User",
              fields: { ...fields, ...password, ...created(session.login) },
            }),
          ),
        };
      },
    },
    {
      method: "POST",
      path: "/api/v1/user/*/password/set",
      handle: async ({ request, parameters: [login = ""] }) => {
        ensureAdministrator(await sessions.of(request));
        const password = (await readBody(request)).fields["password"];
        const user = await store.userByLogin(login);
        if (user === undefined || typeof password !== "string")
          throw new ApiError(400, "BadRequest", "A known user and a password are needed");
        await store.update("User", apiId(user.id), { password: hashPassword(password) });
        sessions.forget();
        return { status: 204 };
      },
    },
  ];
}
