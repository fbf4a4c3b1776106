import { createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { ApiError } from "./http.ts";

const tokenLifeMs = 8 * 3_600_000;
// Cheap on purpose: the stand-in guards test data, and every call of a client may carry a password.
const scryptCost = { N: 1024, r: 8, p: 1 };

/** Salt and hash, as they are kept in the graph. */
export function hashPassword(password: string): string {
  const salt = randomBytes(12).toString("hex");
  return `${salt}:${scryptSync(password, salt, 24, scryptCost).toString("hex")}`;
}

/** Whether a password is the one that was hashed. */
export function passwordMatches(password: string, stored: string): boolean {
  const [salt = "", expected = ""] = stored.split(":");
  if (expected === "") return false;
  const actual = scryptSync(password, salt, 24, scryptCost);
  const wanted = Buffer.from(expected, "hex");
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

/** Session token: login and expiry, signed with the secret of `secret.conf`. */
export function signToken(login: string, secretKey: string, nowMs: number): string {
  const payload = `${Buffer.from(login).toString("base64url")}.${nowMs + tokenLifeMs}`;
  return `${payload}.${createHmac("sha256", secretKey).update(payload).digest("base64url")}`;
}

/** Login of a valid token; undefined for anything else. */
export function readToken(token: string, secretKey: string, nowMs: number): string | undefined {
  const [login = "", expiry = "", signature = ""] = token.split(".");
  const expected = createHmac("sha256", secretKey).update(`${login}.${expiry}`).digest();
  const given = Buffer.from(signature, "base64url");
  const valid =
    given.length === expected.length && timingSafeEqual(given, expected) && Number(expiry) > nowMs;
  return valid ? Buffer.from(login, "base64url").toString() : undefined;
}

export type Credentials = { readonly token: string } | { readonly user: string; readonly password: string };

/** Credentials that a request carries: a session, or user and password. @throws ApiError 401 where there are none. */
export function credentialsOf(request: Request): Credentials {
  const authorization = request.headers.get("authorization") ?? "";
  if (authorization.startsWith("Basic ")) {
    const text = Buffer.from(authorization.slice(6), "base64").toString();
    return { user: text.slice(0, text.indexOf(":")), password: text.slice(text.indexOf(":") + 1) };
  }
  if (authorization.startsWith("Bearer ")) return { token: authorization.slice(7) };
  const cookie = /THEHIVE-SESSION=([^;]+)/.exec(request.headers.get("cookie") ?? "");
  if (cookie?.[1] !== undefined) return { token: cookie[1] };
  throw new ApiError(401, "AuthenticationError", "Authentication failure");
}
