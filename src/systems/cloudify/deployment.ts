import type { DeploymentContext, DeploymentFile } from "../../core/system.ts";

/** What the operator has beside the data: `.env` of the compose file. */

export const adminSecret = "admin";
export const postgresSecret = "postgres";
export const rabbitmqSecret = "rabbitmq";

export const imageFolders = {
  POSTGRES_IMAGE: "postgres",
  RABBITMQ_IMAGE: "rabbitmq",
  CLOUDIFY_MANAGER_IMAGE: "cloudify-manager",
  CLOUDIFY_CFY_IMAGE: "cloudify-cfy",
} as const;

export function deploymentFiles(
  context: DeploymentContext,
  { conformance, profile }: { readonly conformance: string; readonly profile: "cfy5" | "cfy6" },
): readonly DeploymentFile[] {
  const variables: readonly (readonly [string, string])[] = [
    ...Object.keys(imageFolders).map((variable) => [variable, context.image(variable)] as const),
    ["POSTGRES_PASSWORD", context.secret(postgresSecret)],
    ["RABBITMQ_PASSWORD", context.secret(rabbitmqSecret)],
    ["ADMIN_PASSWORD", context.secret(adminSecret)],
    ["CLOUDIFY_CONFORMANCE", conformance],
    ["CLOUDIFY_PROFILE", profile],
  ];
  const text = variables.map(([name, value]) => `${name}=${value}\n`).join("");
  return [{ path: ".env", mode: 0o600, text }];
}
