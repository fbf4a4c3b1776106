import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeploymentContext, DeploymentFile } from "../../core/system.ts";

/** What the operator has beside the data: `.env` of the compose file, and the realm that Keycloak starts with. */

/** Secrets of Muster's own client and of the realm's one user. */
export const drillSecret = "drill-client";
export const userSecret = "demo-user";

export const imageFolders = {
  CAMUNDA_IMAGE: "camunda",
  ELASTICSEARCH_IMAGE: "elasticsearch",
  S3_IMAGE: "versitygw",
  OPTIMIZE_IMAGE: "camunda-optimize",
  KEYCLOAK_IMAGE: "keycloak",
  POSTGRES_IMAGE: "postgres",
  BROWSER_IMAGE: "chromium",
} as const;

export function deploymentFiles(context: DeploymentContext, partitions: number): readonly DeploymentFile[] {
  const variables: readonly (readonly [string, string])[] = [
    ...Object.keys(imageFolders).map((variable) => [variable, context.image(variable)] as const),
    ["ZEEBE_PARTITIONS", String(partitions)],
    ["S3_ACCESS_KEY", "zeebe"],
    ["S3_SECRET_KEY", context.secret("s3")],
    ["POSTGRES_PASSWORD", context.secret("postgres")],
    ["ZEEBE_CLIENT_SECRET", context.secret("zeebe-client")],
    ["OPERATE_CLIENT_SECRET", context.secret("operate-client")],
    ["TASKLIST_CLIENT_SECRET", context.secret("tasklist-client")],
    ["DRILL_CLIENT_SECRET", context.secret(drillSecret)],
    ["DEMO_PASSWORD", context.secret(userSecret)],
  ];
  // Keycloak itself puts the secrets in place of their names in it.
  const realm = readFileSync(join(context.projectFolder, "docker/camunda/realm.template.json"), "utf8");
  return [
    { path: ".env", mode: 0o600, text: variables.map(([name, value]) => `${name}=${value}\n`).join("") },
    { path: "realm.json", mode: 0o644, text: realm },
  ];
}
