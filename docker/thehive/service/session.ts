import { credentialsOf, passwordMatches, readToken, signToken } from "./auth.ts";
import type { Config } from "./config.ts";
import { ApiError } from "./http.ts";
import type { Store } from "./store.ts";

export interface Session {
  readonly login: string;
  readonly profile: string;
  readonly organisation: string;
}

/** How long a session is trusted without a look at the user: a write of its own clears it. */
const cacheMs = 30_000;

/** Turns a request's credentials into a user. */
export class Sessions {
  readonly #config: Config;
  readonly #store: Store;
  readonly #cache = new Map<string, { readonly session: Session; readonly until: number }>();

  constructor(config: Config, store: Store) {
    this.#config = config;
    this.#store = store;
  }

  forget(): void {
    this.#cache.clear();
  }

  /** @throws ApiError 401 */
  async of(request: Request): Promise<Session> {
    const credentials = credentialsOf(request);
    if ("user" in credentials) return await this.login(credentials.user, credentials.password);
    const login = readToken(credentials.token, this.#config.secretKey, Date.now());
    if (login === undefined) throw new ApiError(401, "AuthenticationError", "Authentication failure");
    return await this.#cached(`token ${login}`, () => this.#read(login));
  }

  async login(user: string, password: string): Promise<Session> {
    return await this.#cached(`${user} ${password}`, async () => {
      const vertex = await this.#store.userByLogin(user);
      if (vertex === undefined || !passwordMatches(password, String(vertex.fields["password"] ?? ""))) {
        throw new ApiError(401, "AuthenticationError", "Authentication failure");
      }
      return await this.#read(user);
    });
  }

  token(login: string): string {
    return signToken(login, this.#config.secretKey, Date.now());
  }

  async #read(login: string): Promise<Session> {
    const vertex = await this.#store.userByLogin(login);
    if (vertex === undefined) throw new ApiError(401, "AuthenticationError", "Authentication failure");
    return {
      login,
      profile: String(vertex.fields["profile"] ?? ""),
      organisation: String(vertex.fields["organisation"] ?? ""),
    };
  }

  async #cached(key: string, read: () => Promise<Session>): Promise<Session> {
    const known = this.#cache.get(key);
    if (known !== undefined && known.until > Date.now()) return known.session;
    const session = await read();
    this.#cache.set(key, { session, until: Date.now() + cacheMs });
    return session;
  }
}

/** @throws ApiError 403 unless the user administers the platform. */
export function ensureAdministrator(session: Session): void {
  if (session.profile !== "admin")
    throw new ApiError(403, "AuthorizationError", "Your are not authorized to manage the platform");
}
