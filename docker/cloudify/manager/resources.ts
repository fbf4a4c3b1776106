import type { Row } from "./database.ts";
import { executionQuery, presentExecution, type ExecutionRow } from "./execution-row.ts";
import { presentCommon, tenantJoins, type Resource } from "./listing.ts";

const named = "t.name AS tenant_name, u.username AS created_by";

export const snapshots: Resource = {
  kind: "Snapshot",
  query: `SELECT r.*, ${named} FROM snapshots r ${tenantJoins}`,
  columns: { id: "r.id", status: "r.status", created_at: "r.created_at" },
  present: (row) => ({ ...presentCommon(row), status: row["status"], error: row["error"] ?? "" }),
};

export const blueprints: Resource = {
  kind: "Blueprint",
  query: `SELECT r.*, ${named}, (SELECT count(*) FROM deployments d WHERE d._blueprint_fk = r._storage_id) AS deployments FROM blueprints r ${tenantJoins}`,
  columns: { id: "r.id", created_at: "r.created_at", state: "r.state" },
  present: (row) => ({
    ...presentCommon(row),
    updated_at: row["updated_at"],
    main_file_name: row["main_file_name"],
    plan: row["plan"],
    description: row["description"],
    state: row["state"],
    error: row["error"],
    is_hidden: false,
    labels: [],
    upload_execution: row["upload_execution_id"] === null ? null : { id: row["upload_execution_id"] },
  }),
};

export const deployments: Resource = {
  kind: "Deployment",
  query: `SELECT r.*, ${named}, b.id AS blueprint_id FROM deployments r ${tenantJoins} JOIN blueprints b ON b._storage_id = r._blueprint_fk`,
  columns: { id: "r.id", blueprint_id: "b.id", created_at: "r.created_at" },
  present: (row) => ({
    ...presentCommon(row),
    updated_at: row["updated_at"],
    blueprint_id: row["blueprint_id"],
    display_name: row["display_name"],
    description: row["description"],
    inputs: row["inputs"],
    outputs: row["outputs"],
    capabilities: row["capabilities"],
    groups: row["groups"],
    workflows: row["workflows"],
    policy_types: {},
    policy_triggers: {},
    scaling_groups: {},
    labels: [],
    site_name: null,
    deployment_status: "good",
    installation_status: "active",
    unavailable_instances: 0,
  }),
};

export const nodes: Resource = {
  kind: "Node",
  query: `SELECT r.*, r._storage_id AS created_at, ${named}, d.id AS deployment_id, b.id AS blueprint_id FROM nodes r ${tenantJoins}
    JOIN deployments d ON d._storage_id = r._deployment_fk JOIN blueprints b ON b._storage_id = d._blueprint_fk`,
  columns: { id: "r.id", deployment_id: "d.id" },
  present: (row) => ({
    ...presentCommon(row),
    created_at: null,
    deployment_id: row["deployment_id"],
    blueprint_id: row["blueprint_id"],
    type: row["type"],
    type_hierarchy: [row["type"]],
    properties: row["properties"],
    number_of_instances: row["number_of_instances"],
    planned_number_of_instances: row["number_of_instances"],
    deploy_number_of_instances: row["number_of_instances"],
    host_id: null,
    operations: {},
    plugins: [],
    relationships: [],
  }),
};

export const nodeInstances: Resource = {
  kind: "NodeInstance",
  query: `SELECT r.*, ${named}, n.id AS node_id, d.id AS deployment_id FROM node_instances r ${tenantJoins}
    JOIN nodes n ON n._storage_id = r._node_fk JOIN deployments d ON d._storage_id = n._deployment_fk`,
  columns: { id: "r.id", node_id: "n.id", deployment_id: "d.id", state: "r.state" },
  present: (row) => ({
    ...presentCommon(row),
    deployment_id: row["deployment_id"],
    node_id: row["node_id"],
    host_id: null,
    state: row["state"],
    version: row["version"],
    runtime_properties: row["runtime_properties"] ?? {},
    relationships: [],
    scaling_groups: [],
  }),
};

export const secrets: Resource = {
  kind: "Secret",
  query: `SELECT r.*, ${named} FROM secrets r ${tenantJoins}`,
  columns: { id: "r.id", key: "r.id", created_at: "r.created_at" },
  present: (row) => ({
    ...presentCommon(row),
    key: row["id"],
    updated_at: row["updated_at"],
    is_hidden_value: row["is_hidden_value"],
    provider_name: null,
  }),
};

export const plugins: Resource = {
  kind: "Plugin",
  query: `SELECT r.*, ${named} FROM plugins r ${tenantJoins}`,
  columns: {
    id: "r.id",
    package_name: "r.package_name",
    package_version: "r.package_version",
    uploaded_at: "r.uploaded_at",
  },
  present: (row) => ({
    ...presentCommon({ ...row, created_at: row["uploaded_at"] }),
    uploaded_at: row["uploaded_at"],
    archive_name: row["archive_name"],
    package_name: row["package_name"],
    package_version: row["package_version"],
    package_source: row["package_name"],
    title: row["title"] ?? row["package_name"],
    distribution: row["distribution"],
    distribution_version: null,
    distribution_release: null,
    supported_platform: "any",
    supported_py_versions: [],
    wheels: [],
    excluded_wheels: [],
    installation_state: [],
    file_server_path: `plugins/${String(row["id"])}`,
    yaml_url_path: null,
  }),
};

export const agents: Resource = {
  kind: "Agent",
  query: `SELECT r.*, ${named}, i.id AS node_instance_id, n.id AS node, d.id AS deployment FROM agents r ${tenantJoins}
    JOIN node_instances i ON i._storage_id = r._node_instance_fk JOIN nodes n ON n._storage_id = i._node_fk JOIN deployments d ON d._storage_id = n._deployment_fk`,
  columns: { id: "r.id", name: "r.name", state: "r.state" },
  present: (row) => ({
    ...presentCommon(row),
    name: row["name"],
    state: row["state"],
    version: row["version"],
    ip: row["ip"],
    install_method: row["install_method"],
    system: row["system"],
    node: row["node"],
    deployment: row["deployment"],
    host_id: row["node_instance_id"],
    node_instance_id: row["node_instance_id"],
    rabbitmq_exchange: row["rabbitmq_exchange"],
    updated_at: row["updated_at"],
  }),
};

export const executions: Resource = {
  kind: "Execution",
  query: executionQuery,
  columns: {
    id: "r.id",
    status: "r.status",
    workflow_id: "r.workflow_id",
    deployment_id: "d.id",
    blueprint_id: "r.blueprint_id",
    is_system_workflow: "r.is_system_workflow",
    created_at: "r.created_at",
    started_at: "r.started_at",
    ended_at: "r.ended_at",
    scheduled_for: "r.scheduled_for",
  },
  present: (row: Row) => presentExecution(row as unknown as ExecutionRow),
};
