import { defineVariants, type ComponentSpec, type System } from "../../core/system.ts";
import { CloudifyConnection } from "./connection.ts";
import { deploymentFiles, imageFolders } from "./deployment.ts";
import { placements } from "./placements.ts";
import { clockNames, isQuiet, workloadNames, type ClockName, type WorkloadName } from "./workload.ts";

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
        "snapshot: nothing becomes due during the run; blueprints: the same, and only blueprints and deployments grow with the scale; scheduled: the published example, its hours as seconds; tenants: the same in four tenants; matrix: every row of the table of scheduled executions that one run can set up; many: many that become due one after the other; rules: schedules with a rule, on a manager of the later profile that keeps them in a table",
    },
    clock: {
      values: clockNames,
      meaning:
        "steps-ahead, steps-back: the restored manager's clock is set 90 s ahead or back once scheduled executions are in the queue again",
    },
  },
  system: ({ conformance, workload, clock }) =>
    cloudifyWith({
      conformance,
      workload: workloadNames.find((name) => name === workload) ?? "snapshot",
      clock: clockNames.find((name) => name === clock) ?? "right",
    }),
});

interface Choice {
  readonly conformance: string;
  readonly workload: WorkloadName;
  readonly clock: ClockName;
}

function cloudifyWith({ conformance, workload, clock }: Choice): System {
  const profile = workload === "rules" ? "cfy6" : "cfy5";
  return {
    id: "cloudify",
    title: `Cloudify Manager ${profile === "cfy6" ? "6" : "5"} (reference manager)`,
    stack: {
      kind: "compose",
      composeFile: "docker/cloudify/compose.yaml",
      images: imageFolders,
      storeServices: ["postgres", "rabbitmq"],
    },
    components,
    placements,
    clustered: false,
    hasSchedules: !isQuiet(workload),
    hasCycles: workload === "rules",
    hasProbes: true,
    limits: [
      "what is shown holds for the reference manager and for runbook and client; of the product itself it shows what its published behaviour would do",
      "the manager's agents, plugins and user interfaces were not exercised",
    ],
    deployment: (context) => Promise.resolve(deploymentFiles(context, { conformance, profile })),
    connect: async (stack, context) =>
      await CloudifyConnection.open(stack, context, {
        workload,
        clock,
        keepsPromises: conformance === "seed",
      }),
  };
}
