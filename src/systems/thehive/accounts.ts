import type { DeploymentContext } from "../../core/system.ts";
import type { Credentials } from "./api-client.ts";
import { businessId } from "./marker.ts";
import type { ContentOf } from "./records.ts";

/** Organisations and users of the drill, and the passwords of this run. Two organisations and few users keep within a trial licence. */

export const administrator = "admin@thehive.local";
/** Source: docs.strangebee.com, "Perform initial setup as an admin": what a new database begins with. */
export const defaultAdministrator: Credentials = { user: administrator, password: "secret" };

export const organisations: readonly ContentOf<"organisation">[] = [
  {
    kind: "organisation",
    id: businessId("organisation", 1),
    description: "Security operations centre Nordhafen – Früherkennung",
  },
  {
    kind: "organisation",
    id: businessId("organisation", 2),
    description: "Équipe de réponse aux incidents, Rive-Sud",
  },
];

export const users: readonly ContentOf<"user">[] = [
  {
    kind: "user",
    id: businessId("user", 1),
    login: "ada@nordhafen.example",
    profile: "analyst",
    organisation: businessId("organisation", 1),
  },
  {
    kind: "user",
    id: businessId("user", 2),
    login: "bjarne@nordhafen.example",
    profile: "org-admin",
    organisation: businessId("organisation", 1),
  },
  {
    kind: "user",
    id: businessId("user", 3),
    login: "chloe@rivesud.example",
    profile: "analyst",
    organisation: businessId("organisation", 2),
  },
];

/** Users that together see every organisation. */
export const onePerOrganisation: readonly string[] = ["ada@nordhafen.example", "chloe@rivesud.example"];

export class Accounts {
  readonly #secret: DeploymentContext["secret"];

  constructor(secret: DeploymentContext["secret"]) {
    this.#secret = secret;
  }

  get administrator(): Credentials {
    return { user: administrator, password: this.#secret("thehive-admin") };
  }

  of(login: string): Credentials {
    return { user: login, password: this.#secret(`thehive-${login.slice(0, login.indexOf("@"))}`) };
  }

  /** Whoever writes the case with this place: all calls about one case come from one user. */
  authorOf(place: number): Credentials {
    return this.of(users[place % users.length]?.login ?? "");
  }
}
