import { hashPassword } from "./auth.ts";
import { pickFields, readBody } from "./body.ts";
import { apiId, render, vertexIdOf, type Vertex } from "./entities.ts";
import { ApiError, type Route } from "./http.ts";
import { asText } from "./json.ts";
import { ensureAdministrator, type Session, type Sessions } from "./session.ts";
import type { Store } from "./store.ts";

const profiles = ["admin", "org-admin", "analyst", "read-only"];

/** Login, users and organisations. */
export function userRoutes(store: Store, sessions: Sessions): readonly Route[] {
  return [
    loginRoute(sessions),
    ...organisationRoutes(store, sessions),
    ...readUserRoutes(store, sessions),
    ...writeUserRoutes(store, sessions),
  ];
}

function loginRoute(sessions: Sessions): Route {
  return {
    method: "POST",
    path: "/api/v1/login",
    handle: async ({ request }) => {
      const { fields } = await readBody(request);
      const { login, profile, organisation } = await sessions.login(
        asText(fields["user"]) ?? "",
        asText(fields["password"]) ?? "",
      );
      const token = sessions.token(login);
      return {
        status: 200,
        json: { login, profile, organisation, token },
        headers: { "set-cookie": `THEHIVE-SESSION=${token}; Path=/; HttpOnly; SameSite=Lax` },
      };
    },
  };
}

function organisationRoutes(store: Store, sessions: Sessions): readonly Route[] {
  const find = async (idOrName: string): Promise<Vertex> => {
    const found =
      vertexIdOf(idOrName) === undefined
        ? await store.organisationByName(idOrName)
        : await store.read("Organisation", idOrName);
    if (found === undefined) throw new ApiError(404, "NotFoundError", `Organisation ${idOrName} not found`);
    return found;
  };
  return [
    {
      method: "POST",
      path: "/api/v1/organisation",
      handle: async ({ request }) => {
        const session = await administratorOf(sessions, request);
        const fields = pickFields(
          (await readBody(request)).fields,
          ["name", "description"],
          ["name", "description"],
        );
        return {
          status: 201,
          json: render(
            await store.create({
              label: "Organisation",
              fields: { ...fields, ...createdBy(session) },
              unique: [],
            }),
          ),
        };
      },
    },
    {
      method: "GET",
      path: "/api/v1/organisation/*",
      handle: async ({ request, parameters: [idOrName = ""] }) => {
        await sessions.of(request);
        return { status: 200, json: render(await find(idOrName)) };
      },
    },
    {
      method: "PATCH",
      path: "/api/v1/organisation/*",
      handle: async ({ request, parameters: [idOrName = ""] }) => {
        const session = await administratorOf(sessions, request);
        const fields = pickFields((await readBody(request)).fields, ["name", "description"], []);
        const { id } = await find(idOrName);
        const namesake =
          fields["name"] === undefined
            ? undefined
            : await store.organisationByName(asText(fields["name"]) ?? "");
        if (namesake !== undefined && namesake.id !== id)
          throw new ApiError(400, "UpdateError", "Organisation already exists");
        await store.update("Organisation", apiId(id), { ...fields, ...updatedBy(session) });
        sessions.forget();
        return { status: 204 };
      },
    },
  ];
}

function readUserRoutes(store: Store, sessions: Sessions): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/api/v1/user/current",
      handle: async ({ request }) => ({
        status: 200,
        json: render(await findUser(store, (await sessions.of(request)).login)),
      }),
    },
    {
      method: "GET",
      path: "/api/v1/user/*",
      handle: async ({ request, parameters: [idOrLogin = ""] }) => {
        await sessions.of(request);
        return { status: 200, json: render(await findUser(store, idOrLogin)) };
      },
    },
  ];
}

function writeUserRoutes(store: Store, sessions: Sessions): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/api/v1/user",
      handle: async ({ request }) => {
        const session = await administratorOf(sessions, request);
        const { fields: body } = await readBody(request);
        const { password, organisation, ...fields } = pickUserFields(body, [
          "login",
          "name",
          "organisation",
          "profile",
        ]);
        const secret = password === undefined ? {} : { password: hashPassword(asText(password) ?? "") };
        const all = { ...fields, ...secret, ...createdBy(session) };
        const user = await store.create({
          label: "User",
          fields: all,
          organisation: asText(organisation) ?? "",
          unique: ["login"],
        });
        return { status: 201, json: render(user) };
      },
    },
    {
      method: "PATCH",
      path: "/api/v1/user/*",
      handle: async ({ request, parameters: [idOrLogin = ""] }) => {
        const session = await administratorOf(sessions, request);
        const { name, profile } = pickUserFields((await readBody(request)).fields, []);
        const changes = {
          ...(name === undefined ? {} : { name }),
          ...(profile === undefined ? {} : { profile }),
        };
        await store.update("User", apiId((await findUser(store, idOrLogin)).id), {
          ...changes,
          ...updatedBy(session),
        });
        sessions.forget();
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: "/api/v1/user/*/password/set",
      handle: async ({ request, parameters: [idOrLogin = ""] }) => {
        const session = await administratorOf(sessions, request);
        const { password } = pickFields((await readBody(request)).fields, ["password"], ["password"]);
        const user = await findUser(store, idOrLogin);
        await store.update("User", apiId(user.id), {
          password: hashPassword(asText(password) ?? ""),
          ...updatedBy(session),
        });
        sessions.forget();
        return { status: 204 };
      },
    },
  ];
}

function pickUserFields(
  body: Readonly<Record<string, unknown>>,
  required: readonly string[],
): Readonly<Record<string, unknown>> {
  const fields = pickFields(body, ["login", "name", "organisation", "profile", "password"], required);
  const { profile } = fields;
  if (profile !== undefined && !profiles.includes(asText(profile) ?? ""))
    throw new ApiError(400, "BadRequest", `Profile ${asText(profile)} not found`);
  return fields;
}

async function findUser(store: Store, idOrLogin: string): Promise<Vertex> {
  const found =
    vertexIdOf(idOrLogin) === undefined
      ? await store.userByLogin(idOrLogin)
      : await store.read("User", idOrLogin);
  if (found === undefined) throw new ApiError(404, "NotFoundError", `User ${idOrLogin} not found`);
  return found;
}

async function administratorOf(sessions: Sessions, request: Request): Promise<Session> {
  const session = await sessions.of(request);
  ensureAdministrator(session);
  return session;
}

function createdBy({ login }: Session): { readonly createdBy: string; readonly createdAt: number } {
  return { createdBy: login, createdAt: Date.now() };
}

function updatedBy({ login }: Session): { readonly updatedBy: string; readonly updatedAt: number } {
  return { updatedBy: login, updatedAt: Date.now() };
}
