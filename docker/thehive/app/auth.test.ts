import { expect, test } from "vitest";
import { credentialsOf, hashPassword, passwordMatches, readToken, signToken } from "./auth.ts";

const beganAtMs = 1_700_000_000_000;
const hourMs = 3_600_000;

test("a token gives its login under the key that signed it, until it expires", () => {
  const token = signToken("jürgen@x.y", "key", beganAtMs);

  expect(readToken(token, "key", beganAtMs + hourMs)).toBe("jürgen@x.y");
  expect(readToken(token, "other key", beganAtMs + hourMs)).toBeUndefined();
  expect(readToken(token, "key", beganAtMs + 9 * hourMs)).toBeUndefined();
});

test("a token with another login or a later expiry is refused", () => {
  const [login = "", expiry = "", signature = ""] = signToken("a@x.y", "key", beganAtMs).split(".");

  expect(
    readToken([Buffer.from("b@x.y").toString("base64url"), expiry, signature].join("."), "key", beganAtMs),
  ).toBeUndefined();
  expect(readToken([login, `${Number(expiry) + 1}`, signature].join("."), "key", beganAtMs)).toBeUndefined();
  expect(readToken("", "key", beganAtMs)).toBeUndefined();
});

test("a password matches its own hash only, and no password matches where none is kept", () => {
  expect(passwordMatches("secret", hashPassword("secret"))).toBe(true);
  expect(passwordMatches("Secret", hashPassword("secret"))).toBe(false);
  expect(passwordMatches("", "")).toBe(false);
});

test("credentials come from a basic header, a bearer header or the session cookie", () => {
  const withHeader = (name: string, value: string) =>
    credentialsOf(new Request("http://thehive/", { headers: { [name]: value } }));

  expect(withHeader("authorization", `Basic ${Buffer.from("a@x.y:p:q").toString("base64")}`)).toEqual({
    user: "a@x.y",
    password: "p:q",
  });
  expect(withHeader("authorization", "Bearer t")).toEqual({ token: "t" });
  expect(withHeader("cookie", "other=1; THEHIVE-SESSION=t; last=2")).toEqual({ token: "t" });
  expect(() => withHeader("x-nothing", "1")).toThrow("Authentication failure");
});
