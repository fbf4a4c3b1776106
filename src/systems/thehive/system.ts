import { defineSystem, type ComponentSpec } from "../../core/system.ts";
import { TheHiveConnection } from "./connection.ts";
import { deploymentFiles, usesStandIn } from "./deployment.ts";
import { placements } from "./placements.ts";
import { loadKinds } from "./workload.ts";

const standIn =
  "TheHive's application: a service that speaks a subset of its public API, version 1, on the real graph engine (TheHive storage model: JanusGraph 1.1.0)";

const components: readonly ComponentSpec[] = [
  // Before cassandra: components are observed in this order, and reading rows can stop a node with a corrupt SSTable.
  { id: "sstables", store: "sstables", service: "cassandra" },
  { id: "cassandra", store: "cassandra", service: "cassandra" },
  { id: "elasticsearch", store: "elasticsearch", service: "elasticsearch" },
  { id: "files", store: "files", service: "thehive" },
  { id: "config", store: "config", service: "thehive" },
  { id: "api", store: "api", service: "thehive", ...(usesStandIn() ? { standIn } : {}) },
];

export default defineSystem({
  id: "thehive",
  title: "TheHive on one server",
  stack: {
    kind: "compose",
    composeFile: "docker/thehive/compose.yaml",
    images: {
      CASSANDRA_IMAGE: "cassandra",
      ELASTICSEARCH_IMAGE: "elasticsearch",
      JANUSGRAPH_IMAGE: "janusgraph",
      THEHIVE_IMAGE: "thehive",
    },
    storeServices: ["cassandra", "elasticsearch"],
  },
  components,
  placements,
  clustered: false,
  loadKinds,
  limits: [
    ...(usesStandIn()
      ? [
          "TheHive itself is closed source and was not run: the application is a stand-in on TheHive's storage model",
        ]
      : []),
    "one node of Cassandra and of Elasticsearch: repair, quorum and replication were not exercised",
    "audit entries in an index of their own (audit.storage=elasticsearch) are not written, so their loss is not seen",
    "sessions of before the backup are not tried after it; the file that signs them is compared instead",
  ],
  deployment: (context) => Promise.resolve(deploymentFiles(context)),
  connect: (stack, context) => Promise.resolve(new TheHiveConnection(stack, context)),
});
