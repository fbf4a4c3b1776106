-- Tables of the manager's database, named as the product names them; timestamps are UTC without a zone.
CREATE TABLE alembic_version (version_num text PRIMARY KEY);
INSERT INTO alembic_version VALUES ('396303c07e35');

CREATE TABLE roles (id serial PRIMARY KEY, name text UNIQUE NOT NULL, type text NOT NULL, description text);
INSERT INTO roles (name, type, description) VALUES
  ('sys_admin', 'system_role', 'User that can manage the system'),
  ('default', 'system_role', 'User exists, but has no permissions'),
  ('manager', 'tenant_role', 'User that can manage tenants'),
  ('user', 'tenant_role', 'Regular user, can perform actions on tenants resources'),
  ('operations', 'tenant_role', 'User that can deploy and execute workflows'),
  ('viewer', 'tenant_role', 'User that can only view tenant resources');

CREATE TABLE tenants (id serial PRIMARY KEY, name text UNIQUE NOT NULL, rabbitmq_vhost text, rabbitmq_username text, rabbitmq_password text);
CREATE TABLE users (
  id serial PRIMARY KEY, username text UNIQUE NOT NULL, password text NOT NULL, active boolean NOT NULL DEFAULT true,
  created_at timestamp NOT NULL, last_login_at timestamp, api_token_key text NOT NULL);
CREATE TABLE users_roles (user_id int REFERENCES users ON DELETE CASCADE, role_id int REFERENCES roles, PRIMARY KEY (user_id, role_id));
CREATE TABLE users_tenants (
  user_id int REFERENCES users ON DELETE CASCADE, tenant_id int REFERENCES tenants ON DELETE CASCADE, role_id int REFERENCES roles,
  PRIMARY KEY (user_id, tenant_id));
CREATE TABLE groups (id serial PRIMARY KEY, name text UNIQUE NOT NULL, ldap_dn text);
CREATE TABLE users_groups (user_id int REFERENCES users ON DELETE CASCADE, group_id int REFERENCES groups ON DELETE CASCADE, PRIMARY KEY (user_id, group_id));
CREATE TABLE groups_tenants (
  group_id int REFERENCES groups ON DELETE CASCADE, tenant_id int REFERENCES tenants ON DELETE CASCADE, role_id int REFERENCES roles,
  PRIMARY KEY (group_id, tenant_id));

CREATE TABLE config (name text, scope text, value jsonb, PRIMARY KEY (name, scope));
CREATE TABLE certificates (id serial PRIMARY KEY, name text UNIQUE NOT NULL, value text);
CREATE TABLE managers (id serial PRIMARY KEY, hostname text UNIQUE NOT NULL, private_ip text, public_ip text, version text, node_id text, networks jsonb);
CREATE TABLE rabbitmq_brokers (name text PRIMARY KEY, host text, management_host text, username text, is_external boolean DEFAULT false, networks jsonb);
CREATE TABLE db_nodes (name text PRIMARY KEY, host text, is_external boolean DEFAULT false);
CREATE TABLE licenses (id serial PRIMARY KEY, customer_id text, expiration_date timestamp, license_edition text, trial boolean);
CREATE TABLE provider_context (id text PRIMARY KEY, name text, context jsonb);
CREATE TABLE usage_collector (id serial PRIMARY KEY, manager_id text, hourly_timestamp int);
CREATE TABLE maintenance_mode (
  id serial PRIMARY KEY, status text NOT NULL, activation_requested_at timestamp, activated_at timestamp, requested_by text);

CREATE TABLE snapshots (
  _storage_id bigserial PRIMARY KEY, id text UNIQUE NOT NULL, visibility text, created_at timestamp NOT NULL, status text NOT NULL, error text,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE TABLE secrets (
  _storage_id bigserial PRIMARY KEY, id text NOT NULL, visibility text, created_at timestamp NOT NULL, updated_at timestamp,
  value text, is_hidden_value boolean NOT NULL DEFAULT false,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL, UNIQUE (id, _tenant_id));
CREATE TABLE sites (
  _storage_id bigserial PRIMARY KEY, id text NOT NULL, visibility text, created_at timestamp NOT NULL, name text, latitude float, longitude float,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL, UNIQUE (id, _tenant_id));
CREATE TABLE plugins (
  _storage_id bigserial PRIMARY KEY, id text UNIQUE NOT NULL, visibility text, uploaded_at timestamp NOT NULL, archive_name text NOT NULL,
  package_name text NOT NULL, package_version text, distribution text, title text,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE TABLE plugins_states (_storage_id bigserial PRIMARY KEY, _plugin_fk bigint REFERENCES plugins ON DELETE CASCADE, state text, error text);
CREATE TABLE blueprints (
  _storage_id bigserial PRIMARY KEY, id text NOT NULL, visibility text, created_at timestamp NOT NULL, updated_at timestamp,
  main_file_name text, plan jsonb, description text, state text NOT NULL, error text, upload_execution_id text,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL, UNIQUE (id, _tenant_id));
CREATE TABLE deployments (
  _storage_id bigserial PRIMARY KEY, id text NOT NULL, visibility text, created_at timestamp NOT NULL, updated_at timestamp,
  description text, display_name text, inputs jsonb, outputs jsonb, capabilities jsonb, groups jsonb, workflows jsonb,
  _blueprint_fk bigint NOT NULL REFERENCES blueprints, _site_fk bigint REFERENCES sites ON DELETE SET NULL,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL, UNIQUE (id, _tenant_id));
CREATE TABLE inter_deployment_dependencies (
  _storage_id bigserial PRIMARY KEY, id text UNIQUE NOT NULL, visibility text, created_at timestamp NOT NULL, dependency_creator text NOT NULL,
  _source_deployment bigint REFERENCES deployments ON DELETE CASCADE, _target_deployment bigint REFERENCES deployments ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE TABLE nodes (
  _storage_id bigserial PRIMARY KEY, id text NOT NULL, visibility text, type text, properties jsonb, number_of_instances int,
  _deployment_fk bigint NOT NULL REFERENCES deployments ON DELETE CASCADE, _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE,
  _creator_id int REFERENCES users ON DELETE SET NULL, UNIQUE (id, _deployment_fk));
CREATE TABLE node_instances (
  _storage_id bigserial PRIMARY KEY, id text UNIQUE NOT NULL, visibility text, state text NOT NULL, version int NOT NULL DEFAULT 1,
  runtime_properties jsonb, _node_fk bigint NOT NULL REFERENCES nodes ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE TABLE agents (
  _storage_id bigserial PRIMARY KEY, id text UNIQUE NOT NULL, visibility text, name text, state text NOT NULL, version text, ip text, install_method text,
  system text, rabbitmq_username text, rabbitmq_password text, rabbitmq_exchange text, created_at timestamp NOT NULL, updated_at timestamp,
  _node_instance_fk bigint NOT NULL REFERENCES node_instances ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE TABLE executions (
  _storage_id bigserial PRIMARY KEY, id text UNIQUE NOT NULL, visibility text, created_at timestamp NOT NULL, started_at timestamp, ended_at timestamp,
  scheduled_for timestamp, workflow_id text NOT NULL, status text NOT NULL, error text NOT NULL DEFAULT '', parameters jsonb,
  is_system_workflow boolean NOT NULL DEFAULT false, is_dry_run boolean NOT NULL DEFAULT false, wait_after_fail int NOT NULL DEFAULT 600,
  force boolean NOT NULL DEFAULT false, token text, blueprint_id text,
  _deployment_fk bigint REFERENCES deployments ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE INDEX executions_by_status ON executions (status);
CREATE TABLE execution_schedules (
  _storage_id bigserial PRIMARY KEY, id text NOT NULL, visibility text, created_at timestamp NOT NULL, workflow_id text NOT NULL,
  since timestamp, until timestamp, rule jsonb NOT NULL, slip int NOT NULL DEFAULT 0, stop_on_fail boolean NOT NULL DEFAULT false,
  enabled boolean NOT NULL DEFAULT true, parameters jsonb, execution_arguments jsonb, next_occurrence timestamp,
  _latest_execution_fk bigint REFERENCES executions ON DELETE SET NULL,
  _deployment_fk bigint NOT NULL REFERENCES deployments ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL, UNIQUE (id, _deployment_fk));
CREATE TABLE events (
  _storage_id bigserial PRIMARY KEY, id text, timestamp timestamp NOT NULL, reported_timestamp timestamp NOT NULL, message text, message_code text,
  event_type text, operation text, node_id text, error_causes jsonb, manager_name text,
  _execution_fk bigint NOT NULL REFERENCES executions ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE INDEX events_by_execution ON events (_execution_fk);
CREATE TABLE logs (
  _storage_id bigserial PRIMARY KEY, id text, timestamp timestamp NOT NULL, reported_timestamp timestamp NOT NULL, message text, message_code text,
  logger text, level text, operation text, node_id text, manager_name text,
  _execution_fk bigint NOT NULL REFERENCES executions ON DELETE CASCADE,
  _tenant_id int NOT NULL REFERENCES tenants ON DELETE CASCADE, _creator_id int REFERENCES users ON DELETE SET NULL);
CREATE INDEX logs_by_execution ON logs (_execution_fk);
