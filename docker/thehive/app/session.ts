import { createHash } from "node:crypto";
import { credentialsOf, passwordMatches, readToken, signToken } from "./auth.ts";
import type { Config } from "./config.ts";
import type { Vertex } from "./entities.ts";
import { ApiError } from "./http.ts";
import { asText } from "./json.ts";
import type { Store } from "./store.ts";

export interface Session {
  readonly login: string;
  readonly profile: string;
  /** Name of the organisation that the call is made in. */
  readonly organisation: string;
}

/** How long a session is trusted without a look at the user; every write to a user ends that at once. */
const sessionTrustMs = 30_000;
const mostSessions = 1_000;

/** Turns a request's credentials into a user. */
export class Sessions {
  readonly #config: Config;
  readonly #store: Store;
  readonly #trusted = new Map<string, { readonly session: Session; readonly untilMs: number }>();

  constructor(config: Config, store: Store) {
    this.#config = config;
    this.#store = store;
  }

  /** Ends all trust: a user or an organisation has changed. */
  forget(): void {
    this.#trusted.clear();
  }

  /** The user of a request, in the organisation that it names. @throws ApiError 401, 403 */
  async of(request: Request): Promise<Session> {
    const credentials = credentialsOf(request);
    const session =
      "user" in credentials
        ? await this.login(credentials.user, credentials.password)
        : await this.#ofToken(credentials.token);
    const wanted = request.headers.get("x-organisation") ?? session.organisation;
    if (decodeURIComponent(wanted) !== session.organisation)
      throw new ApiError(403, "AuthorizationError", `User is not a member of organisation ${wanted}`);
    return session;
  }

  /** @throws ApiError 401 */
  async login(user: string, password: string): Promise<Session> {
    const key = createHash("sha256")
      .update(JSON.stringify([user, password]))
      .digest("base64");
    return await this.#trust(key, async () => {
      const vertex = await this.#store.userByLogin(user);
      if (vertex === undefined || !passwordMatches(password, asText(vertex.fields["password"]) ?? ""))
        throw rejected();
      return sessionOf(vertex);
    });
  }

  token(login: string): string {
    return signToken(login, this.#config.secretKey, Date.now());
  }

  async #ofToken(token: string): Promise<Session> {
    const login = readToken(token, this.#config.secretKey, Date.now());
    if (login === undefined) throw rejected();
    return await this.#trust(`token of ${login}`, async () => {
      const vertex = await this.#store.userByLogin(login);
      if (vertex === undefined) throw rejected();
      return sessionOf(vertex);
    });
  }

  async #trust(key: string, read: () => Promise<Session>): Promise<Session> {
    const known = this.#trusted.get(key);
    if (known !== undefined && known.untilMs > Date.now()) return known.session;
    const session = await read();
    if (this.#trusted.size >= mostSessions) this.#trusted.clear();
    this.#trusted.set(key, { session, untilMs: Date.now() + sessionTrustMs });
    return session;
  }
}

function sessionOf({ fields }: Vertex): Session {
  return {
    login: asText(fields["login"]) ?? "",
    profile: asText(fields["profile"]) ?? "",
    organisation: asText(fields["organisation"]) ?? "",
  };
}

function rejected(): ApiError {
  return new ApiError(401, "AuthenticationError", "Authentication failure");
}

/** @throws ApiError 403 unless the user administers the platform. */
export function ensureAdministrator({ profile }: Session): void {
  if (profile !== "admin")
    throw new ApiError(403, "AuthorizationError", "You are not authorized to manage the platform");
}

/** @throws ApiError 403 unless the user works on cases: administrators of the platform and read-only users do not. */
export function ensureWritesCases({ profile }: Session): void {
  if (profile !== "org-admin" && profile !== "analyst")
    throw new ApiError(403, "AuthorizationError", "You are not authorized to manage cases");
}
