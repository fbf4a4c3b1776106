import { defineVariants, type ComponentSpec, type System } from "../../core/system.ts";
import { CloudifyConnection } from "./connection.ts";
import { deploymentFiles, imageFolders } from "./deployment.ts";
import { placements } from "./placements.ts";
import { workloadNames, type WorkloadName } from "./workload.ts";

const managerStandIn =
  "Cloudify Manager: a service over the real PostgreSQL and the real RabbitMQ that speaks the product's REST API v3.1 and writes its archives; the manager itself cannot be obtained";

const components: readonly ComponentSpec[] = [
  { id: "database", store: "postgresql", service: "postgres" },
  { id: "broker", store: "rabbitmq", service: "rabbitmq" },
  { id: "files", store: "file-server", service: "manager", standIn: managerStandIn },
  { id: "security", store: "security-keys", service: "manager" },
  { id: "api", store: "api", service: "manager", standIn: managerStandIn },
];

export default defineVariants({
  settings: {
    conformance: {
      values: ["seed", "code"],
      meaning:
        "seed: the manager does what the published procedure promises; code: with the hazards of the published software",
    },
    workload: {
      values: workloadNames,
      meaning:
        "snapshot: nothing becomes due during the run; scheduled: the published example, its hours as seconds; tenants: the same in four tenants; matrix: every row of the table of scheduled executions that one run can set up",
    },
  },
  system: ({ conformance, workload }) =>
    cloudifyWith(conformance, workloadNames.find((name) => name === workload) ?? "snapshot"),
});

function cloudifyWith(conformance: string, workload: WorkloadName): System {
  return {
    id: "cloudify",
    title: "Cloudify Manager 5 (reference manager)",
    stack: {
      kind: "compose",
      composeFile: "docker/cloudify/compose.yaml",
      images: imageFolders,
      storeServices: ["postgres", "rabbitmq"],
    },
    components,
    placements,
    clustered: false,
    hasSchedules: workload !== "snapshot",
    hasCycles: false,
    hasProbes: true,
    limits: [
      "what is shown holds for the reference manager and for runbook and client; of the product itself it shows what its published behaviour would do",
      "the manager's agents, plugins and user interfaces were not exercised",
    ],
    deployment: (context) => Promise.resolve(deploymentFiles(context, { conformance })),
    connect: async (stack, context) =>
      await CloudifyConnection.open(stack, context, { workload, keepsPromises: conformance === "seed" }),
  };
}
