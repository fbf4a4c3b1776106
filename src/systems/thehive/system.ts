import { defineVariants, type ComponentSpec, type System } from "../../core/system.ts";
import { MusterError } from "../../core/errors.ts";
import { TheHiveConnection } from "./connection.ts";
import { databaseAccounts, installationSteps } from "./database-accounts.ts";
import {
  deploymentFiles,
  databases,
  nodesOf,
  storages,
  usesStandIn,
  type DeploymentChoice,
} from "./deployment.ts";
import { placementsWith } from "./placements.ts";
import { sstablesOf } from "./sstables.ts";
import { loadKinds } from "./workload.ts";

const standIn =
  "TheHive's application: a service that speaks a subset of its public API, version 1, on the real graph engine (TheHive storage model: JanusGraph 1.1.0)";

const componentsWith = ({
  accounts,
  storage,
  database,
}: Pick<DeploymentChoice, "accounts" | "storage" | "database">): readonly ComponentSpec[] => [
  // Before cassandra: components are observed in this order, and reading rows can stop a node with a corrupt SSTable.
  ...nodesOf(database).map((node) => ({
    id: sstablesOf(node),
    store: "sstables",
    service: node,
    readFromFiles: true,
  })),
  { id: "cassandra", store: "cassandra", service: "cassandra" },
  ...(accounts === "off" ? [] : [{ id: "accounts", store: "cassandra-accounts", service: "cassandra" }]),
  { id: "elasticsearch", store: "elasticsearch", service: "elasticsearch" },
  {
    id: "files",
    store: "files",
    service: storage === "s3" ? "s3" : "thehive",
    readFromFiles: true,
  },
  { id: "config", store: "config", service: "thehive", readFromFiles: true },
  { id: "api", store: "api", service: "thehive", ...(usesStandIn() ? { standIn } : {}) },
];

export default defineVariants({
  settings: {
    accounts: {
      values: databaseAccounts,
      meaning:
        "whether Cassandra asks for a role and its password: of nobody, of everybody, or of everybody with the connection written as in the published scripts",
    },
    audits: {
      values: ["database", "index"],
      meaning: "where audit entries are kept: in the database, or in an index of their own",
    },
    database: {
      values: databases,
      meaning: "nodes of Cassandra; three of them keep three copies of each row, unless they keep one",
    },
    index: {
      values: ["restored", "rebuilt"],
      meaning:
        "where the search index of a restored system comes from: the set, or the database once the application runs",
    },
    storage: {
      values: storages,
      meaning:
        "where attachments live: in a folder of the server, in a folder on a mount of its own, or in a bucket of an S3 server",
    },
    snapshots: {
      values: ["usual", "slow"],
      meaning:
        "speed of the index's snapshot repository: as installed, or as if the index had some gigabytes",
    },
  },
  system: ({ accounts, audits, database, index, storage, snapshots }) =>
    thehiveWith({
      accounts: databaseAccounts.find((name) => name === accounts) ?? "off",
      audits: audits === "index" ? "index" : "database",
      database: databases.find((name) => name === database) ?? "one-node",
      indexSince: index === "rebuilt" ? "started" : "baseline",
      storage: storages.find((name) => name === storage) ?? "local",
      snapshots: snapshots === "slow" ? "slow" : "usual",
    }),
});

function thehiveWith(choice: DeploymentChoice & { readonly indexSince: "baseline" | "started" }): System {
  const { accounts, audits, indexSince, storage, database } = choice;
  const isCluster = database !== "one-node";
  if (isCluster && accounts !== "off")
    throw new MusterError("BAD_ARGUMENT", {
      message: "thehive: accounts of Cassandra are offered on one node only",
      hint: "leave out one of the settings accounts and database",
    });
  return {
    id: "thehive",
    title: isCluster ? "TheHive on three nodes of Cassandra" : "TheHive on one server",
    stack: {
      kind: "compose",
      composeFile: `docker/thehive/${isCluster ? "compose.cluster.yaml" : "compose.yaml"}`,
      images: {
        CASSANDRA_IMAGE: "cassandra",
        ELASTICSEARCH_IMAGE: "elasticsearch",
        JANUSGRAPH_IMAGE: "janusgraph",
        THEHIVE_IMAGE: "thehive",
        ...(storage === "s3" ? { S3_IMAGE: "versitygw", MCLI_IMAGE: "minio-client" } : {}),
      },
      storeServices: [...nodesOf(database), "elasticsearch"],
      ...(accounts === "off" ? {} : { installation: installationSteps }),
    },
    components: componentsWith(choice),
    placements: placementsWith({ accounts, indexSince, audits, storage }),
    clustered: isCluster,
    loadKinds,
    limits: [
      ...(usesStandIn()
        ? [
            "TheHive itself is closed source and was not run: the application is a stand-in on TheHive's storage model",
          ]
        : []),
      ...(isCluster
        ? [
            "three nodes of Cassandra on one host, one of Elasticsearch and of the application: no node was lost, and no network between hosts was cut",
          ]
        : ["one node of Cassandra and of Elasticsearch: repair, quorum and replication were not exercised"]),
      audits === "index"
        ? "of audit entries, those of creations and changes of cases and what hangs on them were counted; template, life cycle and rollover of their index were not set up"
        : "audit entries in an index of their own (audit.storage=elasticsearch) are not written, so their loss is not seen",
      ...(accounts === "off"
        ? ["Cassandra asked for no role and no password"]
        : [
            "roles and grants of Cassandra were compared; certificates, and roles kept elsewhere (LDAP), were not",
          ]),
      ...(storage === "volume"
        ? [
            "the mount of the files is a second volume of this machine: no network lies between, and no handle went stale",
          ]
        : []),
      ...(storage === "s3"
        ? [
            "object locks, tags and access rules of the S3 server were not set, so their loss is not seen",
            "the S3 server keeps objects as files, and the hardened procedure copies those: another server needs another copy",
          ]
        : []),
      "sessions of before the backup are not tried after it; the file that signs them is compared instead",
    ],
    deployment: (context) => Promise.resolve(deploymentFiles(context, choice)),
    connect: (stack, context) => Promise.resolve(new TheHiveConnection(stack, context, choice)),
  };
}
