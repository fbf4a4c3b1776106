import type { DeploymentContext, DeploymentFile } from "../../core/system.ts";

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

export function deploymentFiles(context: DeploymentContext): readonly DeploymentFile[] {
  return [
    { path: ".env", mode: 0o600, text: environmentOf(context) },
    setting("application.conf", application),
    setting("secret.conf", `play.http.secret.key = "${context.secret("thehive-session")}"\n`),
    setting("index.conf", indexOf(context.secret("elastic"))),
  ];
}

function environmentOf(context: DeploymentContext): string {
  const variables: readonly (readonly [string, string])[] = [
    ...imageVariables.map((variable) => [variable, context.image(variable)] as const),
    ["COMPOSE_PROFILES", usesStandIn() ? "stand-in" : ""],
    ["CASSANDRA_CLUSTER_NAME", "TheHive"],
    ["CASSANDRA_NUM_TOKENS", "4"],
    ["CASSANDRA_HEAP", "512M"],
    ["ELASTICSEARCH_HEAP", "512m"],
    ["ELASTIC_PASSWORD", context.secret("elastic")],
  ];
  return variables.map(([name, value]) => `${name}=${value}\n`).join("");
}

function setting(path: string, text: string): DeploymentFile {
  return {
    path,
    text,
    mode: 0o640,
    placedIn: { service: "thehive", folder: "/etc/thehive", uid: 1000, gid: 1000 },
  };
}

const application = `include "/etc/thehive/secret.conf"
include "/etc/thehive/index.conf"
db.janusgraph.storage.backend = "cql"
db.janusgraph.storage.hostname = "cassandra"
db.janusgraph.storage.cql.keyspace = "thehive"
db.janusgraph.storage.cql.cluster-name = "TheHive"
# Where the stand-in finds its graph engine; TheHive has it built in.
db.janusgraph.url = "http://janusgraph:8182/gremlin"
storage.provider = "localfs"
storage.localfs.location = "/opt/thp/thehive/files"
play.http.parser.maxDiskBuffer = 1GB
application.baseUrl = "http://localhost:9000"
`;

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
