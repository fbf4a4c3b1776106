import type { DeploymentContext, DeploymentFile } from "../../core/system.ts";
import {
  accountsFile,
  accountVariables,
  applicationPassword,
  applicationRole,
  installationOf,
  type DatabaseAccounts,
} from "./database-accounts.ts";

/**
 * What the operator has beside the data. Source: StrangeBeeCorp/docker, `prod1-thehive`: `.env` beside the compose file,
 * and three files of settings that the application reads from /etc/thehive.
 */

const imageVariables = [
  "CASSANDRA_IMAGE",
  "ELASTICSEARCH_IMAGE",
  "JANUSGRAPH_IMAGE",
  "THEHIVE_IMAGE",
] as const;

/** A real TheHive brings its own graph engine, so the stand-in and its engine stay out. */
export function usesStandIn(): boolean {
  return process.env["THEHIVE_IMAGE"] === undefined;
}

/** Where attachments live: a folder of the server, a folder on a mount of its own, or a bucket. */
export const storages = ["local", "volume", "s3"] as const;
export type Storage = (typeof storages)[number];

/** Folder of the attachments inside the application's container, but for a bucket. */
export const filesFolder: Readonly<Record<Exclude<Storage, "s3">, string>> = {
  local: "/opt/thp/thehive/files",
  volume: "/mnt/share",
};
/** `slow`: a snapshot of the drill's index takes as long as one of some gigabytes does at the usual speed. */
type SnapshotSpeed = "usual" | "slow";

/** Source: Elasticsearch documentation, shared file system repository: 40 MB a second unless told otherwise. */
const bytesPerSecond: Readonly<Record<SnapshotSpeed, string>> = { usual: "40mb", slow: "5kb" };

/** Nodes of Cassandra, and how many of them keep each row. */
export const databases = ["one-node", "three-nodes", "three-nodes-one-copy"] as const;
export type Database = (typeof databases)[number];

/** Services of the nodes; the first is the one that is asked, and backed up. */
export const nodesOf = (database: Database): readonly string[] =>
  database === "one-node" ? ["cassandra"] : ["cassandra", "cassandra-2", "cassandra-3"];

const copiesOf: Readonly<Record<Database, number>> = {
  "one-node": 1,
  "three-nodes": 3,
  "three-nodes-one-copy": 1,
};

/** Where the application keeps audit entries; in the database they are left out by the stand-in. */
export type Audits = "database" | "index";

export interface DeploymentChoice {
  readonly accounts: DatabaseAccounts;
  readonly audits: Audits;
  readonly database: Database;
  readonly storage: Storage;
  readonly snapshots: SnapshotSpeed;
}

export function deploymentFiles(
  context: DeploymentContext,
  choice: DeploymentChoice,
): readonly DeploymentFile[] {
  const { accounts, storage } = choice;
  return [
    { path: ".env", mode: 0o600, text: environmentOf(context, choice) },
    ...(accounts === "off" ? [] : [{ path: accountsFile, mode: 0o600, text: installationOf(context) }]),
    setting(
      "application.conf",
      [
        applicationOn(choice.database),
        accounts === "off" ? "" : roleOf(context),
        storage === "s3" ? bucketOf(context) : folderOf(storage),
        choice.audits === "index" ? auditsInIndex : "",
      ].join(""),
    ),
    setting("secret.conf", `play.http.secret.key = "${context.secret("thehive-session")}"\n`),
    setting("index.conf", indexOf(context.secret("elastic"))),
  ];
}

function environmentOf(
  context: DeploymentContext,
  { accounts, storage, snapshots, database }: DeploymentChoice,
): string {
  const profiles = [...(usesStandIn() ? ["stand-in"] : []), ...(storage === "s3" ? ["s3"] : [])];
  const variables: readonly (readonly [string, string])[] = [
    ...imageVariables.map((variable) => [variable, context.image(variable)] as const),
    ...(storage === "s3" ? s3Variables(context) : []),
    ["COMPOSE_PROFILES", profiles.join(",")],
    ["CASSANDRA_CLUSTER_NAME", "TheHive"],
    ["CASSANDRA_NUM_TOKENS", "4"],
    ["CASSANDRA_HEAP", "512M"],
    ["ELASTICSEARCH_HEAP", "512m"],
    ["ELASTIC_PASSWORD", context.secret("elastic")],
    ...(database === "one-node" ? [] : [["CASSANDRA_COPIES", String(copiesOf[database])] as const]),
    ...accountVariables(context, accounts),
    ["SNAPSHOT_BYTES_PER_SECOND", bytesPerSecond[snapshots]],
  ];
  return variables.map(([name, value]) => `${name}=${value}\n`).join("");
}

function s3Variables(context: DeploymentContext): readonly (readonly [string, string])[] {
  return [
    ["S3_IMAGE", context.image("S3_IMAGE")],
    ["MCLI_IMAGE", context.image("MCLI_IMAGE")],
    ["S3_ACCESS_KEY", "thehive"],
    ["S3_SECRET_KEY", context.secret("s3")],
  ];
}

/** Source: docs.strangebee.com, "Audit log storage", version 5.5 and later. */
const auditsInIndex = 'audit.storage = "elasticsearch"\n';

function setting(path: string, text: string): DeploymentFile {
  return {
    path,
    text,
    mode: 0o640,
    placedIn: { service: "thehive", folder: "/etc/thehive", uid: 1000, gid: 1000 },
  };
}

const applicationOn = (database: Database) => `include "/etc/thehive/secret.conf"
include "/etc/thehive/index.conf"
db.janusgraph.storage.backend = "cql"
db.janusgraph.storage.hostname = ${JSON.stringify(nodesOf(database))}
db.janusgraph.storage.cql.keyspace = "thehive"
db.janusgraph.storage.cql.cluster-name = "TheHive"
# Where the stand-in finds its graph engine; TheHive has it built in.
db.janusgraph.url = "http://janusgraph:8182/gremlin"
play.http.parser.maxDiskBuffer = 1GB
application.baseUrl = "http://localhost:9000"
`;

/** Source: docs.strangebee.com, "Configure database and index authentication". */
const roleOf = (context: DeploymentContext) => `db.janusgraph.storage.username = "${applicationRole}"
db.janusgraph.storage.password = "${applicationPassword(context)}"
`;

const folderOf = (storage: Exclude<Storage, "s3">) => `storage.provider = "localfs"
storage.localfs.location = "${filesFolder[storage]}"
`;

/** Source: docs.strangebee.com, "Configure file storage", MinIO and other S3-compatible stores. */
function bucketOf(context: DeploymentContext): string {
  return `storage.provider = "s3"
storage.s3.endpoint = "http://s3:9000"
storage.s3.bucket = "thehive"
storage.s3.region = "us-east-1"
storage.s3.accessKey = "thehive"
storage.s3.secretKey = "${context.secret("s3")}"
`;
}

function indexOf(password: string): string {
  return `db.janusgraph.index.search.backend = "elasticsearch"
db.janusgraph.index.search.hostname = "elasticsearch"
db.janusgraph.index.search.index-name = "thehive"
db.janusgraph.index.search.elasticsearch.http.auth.type = "basic"
db.janusgraph.index.search.elasticsearch.http.auth.basic.username = "elastic"
db.janusgraph.index.search.elasticsearch.http.auth.basic.password = "${password}"
index.search.url = "http://elasticsearch:9200"
index.search.username = "elastic"
index.search.password = "${password}"
`;
}
