import { z } from "zod";
import { callServer, UnexpectedAnswer, type Address } from "./http.ts";

/** Tokens of Keycloak for the client of the drill, which the gateway, Operate and Tasklist accept. */

const tokenPath = "/realms/camunda-platform/protocol/openid-connect/token";
const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number() });
const earlyMs = 30_000;

export class Identity {
  readonly #address: Address;
  readonly #clientSecret: string;
  #token: { readonly text: string; readonly endsAt: number } | undefined;

  constructor(address: Address, clientSecret: string) {
    this.#address = address;
    this.#clientSecret = clientSecret;
  }

  /** Keys of the issuer are made anew with each stack: a refused token has to be forgotten. */
  forget(): void {
    this.#token = undefined;
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    if (this.#token === undefined || performance.now() > this.#token.endsAt) this.#token = await this.#ask();
    return { authorization: `Bearer ${this.#token.text}` };
  }

  async #ask(): Promise<{ readonly text: string; readonly endsAt: number }> {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "drill",
      client_secret: this.#clientSecret,
    });
    const answer = await callServer(this.#address, { path: tokenPath, body });
    if (answer.status !== 200) throw new UnexpectedAnswer("the token endpoint", answer);
    const { access_token: text, expires_in: lifeSeconds } = tokenSchema.parse(answer.body);
    return { text, endsAt: performance.now() + lifeSeconds * 1000 - earlyMs };
  }
}
