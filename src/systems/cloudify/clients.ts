import type { Archive } from "./blueprint.ts";
import type { Address, ManagerClient } from "./manager-client.ts";
import type { Ledger } from "./ledger.ts";

/** What operations need of a stack, and of the run. */
export interface Clients {
  readonly manager: ManagerClient;
  readonly effects: Address;
  readonly ledger: Ledger;
  /** False for a manager with the hazards of the published software: some rows cannot even be set up on it. */
  readonly keepsPromises: boolean;
  /** Blueprints to upload. */
  readonly archives: readonly Archive[];
  /** Secret of the run by its name. */
  secret(name: string): string;
}
