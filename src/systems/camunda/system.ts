import { defineVariants, type ComponentSpec, type System } from "../../core/system.ts";
import { CamundaConnection } from "./connection.ts";
import { deploymentFiles, imageFolders } from "./deployment.ts";
import { lintCamundaSets } from "./lint/lint-set.ts";
import { placements } from "./placements.ts";

const optimizeStandIn =
  "Camunda Optimize: a service that imports from the exported records into indices of its own and speaks Optimize's backup API; its distribution cannot be obtained";

const components: readonly ComponentSpec[] = [
  // In this order: while work goes on, an index that is read first cannot seem ahead of the engine.
  { id: "indices", store: "indices", service: "elasticsearch" },
  { id: "positions", store: "positions", service: "zeebe" },
  { id: "zeebe", store: "zeebe", service: "zeebe", needsApplication: true },
  { id: "records", store: "records", service: "elasticsearch", needsApplication: true },
  { id: "operate", store: "operate", service: "operate", needsApplication: true },
  { id: "tasklist", store: "tasklist", service: "tasklist", needsApplication: true },
  {
    id: "optimize",
    store: "optimize",
    service: "optimize",
    needsApplication: true,
    standIn: optimizeStandIn,
  },
  { id: "screens", store: "screens", service: "browser", needsApplication: true },
  { id: "api", store: "api", service: "operate" },
];

export default defineVariants({
  settings: {
    partitions: {
      values: ["2", "3"],
      meaning: "partitions of the broker; the number belongs to the data and no restore changes it",
    },
  },
  system: ({ partitions }) => camundaWith(Number(partitions)),
});

function camundaWith(partitions: number): System {
  return {
    id: "camunda",
    title: "Camunda 8.6 with one broker",
    stack: {
      kind: "compose",
      composeFile: "docker/camunda/compose.yaml",
      images: imageFolders,
      storeServices: ["elasticsearch"],
    },
    components,
    placements,
    clustered: false,
    hasSchedules: true,
    hasProbes: true,
    limits: [
      `one broker with ${partitions} partitions: leader changes, replication and several brokers were not exercised`,
      "only version 8.6.0 ran; 8.7 and later take backups by other calls",
      "commands kept clear of whole seconds, at which a user task ends the import of Tasklist 8.6.0 for good (docs/camunda-order.md)",
    ],
    lintSet: lintCamundaSets,
    deployment: (context) => Promise.resolve(deploymentFiles(context, partitions)),
    connect: (stack, context) => Promise.resolve(new CamundaConnection(stack, context, partitions)),
  };
}
