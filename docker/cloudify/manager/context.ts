import type { Broker } from "./broker.ts";
import type { BrokerManagement } from "./broker-management.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import type { FileServer } from "./file-server.ts";
import type { LogWriter } from "./log-writer.ts";
import type { Security } from "./security.ts";
import type { StopPoints } from "./stop-points.ts";

/** The parts of one manager's process. */
export interface Context {
  readonly config: Config;
  readonly clock: Clock;
  readonly database: Database;
  readonly broker: Broker;
  readonly brokerManagement: BrokerManagement;
  readonly security: Security;
  readonly files: FileServer;
  readonly logs: LogWriter;
  readonly stops: StopPoints;
}
