import { Broker } from "./broker.ts";
import { BrokerManagement } from "./broker-management.ts";
import { Clock } from "./clock.ts";
import { readConfig } from "./config.ts";
import type { Context } from "./context.ts";
import { Database } from "./database.ts";
import { createDeploymentEnvironment, deleteDeploymentEnvironment } from "./deployment-workflows.ts";
import { messageOf } from "./errors.ts";
import { Executions } from "./executions.ts";
import { FileServer } from "./file-server.ts";
import { firstStart } from "./first-start.ts";
import { createServer } from "./http.ts";
import { LogWriter } from "./log-writer.ts";
import { Maintenance } from "./maintenance.ts";
import { blueprintRoutes } from "./routes-blueprints.ts";
import { deploymentRoutes } from "./routes-deployments.ts";
import { eventRoutes } from "./routes-events.ts";
import { executionRoutes } from "./routes-executions.ts";
import { groupRoutes } from "./routes-groups.ts";
import { maintenanceRoutes } from "./routes-maintenance.ts";
import { memberRoutes } from "./routes-members.ts";
import { pluginRoutes } from "./routes-plugins.ts";
import { scheduleRoutes } from "./routes-schedules.ts";
import { Scheduler } from "./schedules.ts";
import { secretRoutes } from "./routes-secrets.ts";
import { snapshotRoutes } from "./routes-snapshots.ts";
import { standInRoutes } from "./routes-stand-in.ts";
import { systemRoutes } from "./routes-system.ts";
import { tenantRoutes } from "./routes-tenants.ts";
import { userRoutes } from "./routes-users.ts";
import { Security } from "./security.ts";
import { createSnapshot } from "./snapshot-create.ts";
import { restoreSnapshot } from "./snapshot-restore.ts";
import { StopPoints } from "./stop-points.ts";
import { Worker } from "./worker.ts";
import { Workflows } from "./workflows.ts";

try {
  const config = readConfig(process.env);
  const clock = new Clock(config.clockOffsetMs);
  const files = new FileServer(config.root);
  const database = new Database(config);
  const context: Context = {
    config,
    clock,
    files,
    database,
    broker: new Broker(config),
    brokerManagement: new BrokerManagement(config),
    security: new Security(files.securityConfig),
    logs: new LogWriter(database, clock, config.hostname),
    stops: new StopPoints(config.stopAt),
  };
  const executions = new Executions(context);
  const maintenance = new Maintenance(database, clock, config.conformance);
  const workflows = new Workflows(context, {
    create_deployment_environment: async (run) => await createDeploymentEnvironment(context, run),
    delete_deployment_environment: async (run) => await deleteDeploymentEnvironment(context, run),
    create_snapshot: async (run) => await createSnapshot(context, run),
    restore_snapshot: async (run) => await restoreSnapshot(context, run, executions),
  });
  const worker = new Worker(context, executions, maintenance, workflows);

  await Promise.all([files.prepare(), database.prepare()]);
  await context.security.prepare();
  await firstStart(context);
  await context.broker.start(async (body) => await worker.deliver(body));

  const app = createServer(context, maintenance);
  blueprintRoutes(app, context);
  deploymentRoutes(app, context, executions);
  executionRoutes(app, context, executions);
  pluginRoutes(app, context);
  secretRoutes(app, context);
  snapshotRoutes(app, context, executions);
  systemRoutes(app, context);
  maintenanceRoutes(app, maintenance);
  eventRoutes(app, context);
  standInRoutes(app, context);
  tenantRoutes(app, context);
  memberRoutes(app, context);
  userRoutes(app, context);
  groupRoutes(app, context);
  const scheduler = new Scheduler(context, executions, maintenance);
  const polling = config.profile === "cfy6" ? scheduler.start() : undefined;
  if (config.profile === "cfy6") scheduleRoutes(app, context);
  await app.listen({ port: config.port, host: "0.0.0.0" });
  console.log(
    `${clock.stamp()} stand-in of Cloudify Manager ${config.version}: profile ${config.profile}, conformance ${config.conformance}, port ${config.port}`,
  );
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      clearInterval(polling);
      void Promise.allSettled([app.close(), context.broker.close()]).then(() => process.exit(0));
    });
  }
} catch (problem) {
  console.error(messageOf(problem));
  process.exit(1);
}
