import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what the public API needs in addition to the pipeline: credentials, project settings, secrets and nodes. */
export class PublicApi1764028800000 implements MigrationInterface {
  name = 'PublicApi1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ACCOUNTS_UP, ...PROJECTS_UP, ...NODES_UP]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [...NODES_DOWN, ...PROJECTS_DOWN, ...ACCOUNTS_DOWN]) {
      await runner.query(statement);
    }
  }
}

const ACCOUNTS_UP = [
  `ALTER TABLE accounts
     ADD COLUMN plan text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'pro', 'operator')),
     ADD COLUMN is_operator boolean NOT NULL DEFAULT false,
     ADD COLUMN github_id bigint CONSTRAINT accounts_github_id_key UNIQUE,
     ADD COLUMN github_login text,
     ADD COLUMN email text,
     ADD COLUMN avatar_url text,
     DROP CONSTRAINT accounts_name_key`,
  // So far every account was created on the operator's command line.
  `UPDATE accounts SET plan = 'operator', is_operator = true`,
  `CREATE UNIQUE INDEX accounts_local_name_key ON accounts (name) WHERE github_id IS NULL`,
  `ALTER TABLE api_keys
     ADD COLUMN scopes text[] NOT NULL DEFAULT '{read,write,admin}'
       CHECK (scopes <@ '{read,write,admin}' AND scopes <> '{}'),
     ADD COLUMN expires_at timestamptz,
     ADD COLUMN last_used_at timestamptz`,
  `CREATE TABLE sessions (
     id text PRIMARY KEY,
     account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
     created_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz NOT NULL,
     revoked_at timestamptz
   )`,
  `CREATE INDEX sessions_account_id_idx ON sessions (account_id)`,
  `CREATE INDEX sessions_expires_at_idx ON sessions (expires_at)`,
  `CREATE TABLE idempotency_keys (
     account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
     key text NOT NULL,
     fingerprint text NOT NULL,
     response text,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (account_id, key)
   )`,
  `CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at)`,
];
const ACCOUNTS_DOWN = [
  `DROP TABLE idempotency_keys, sessions`,
  `ALTER TABLE api_keys DROP COLUMN scopes, DROP COLUMN expires_at, DROP COLUMN last_used_at`,
  `DROP INDEX accounts_local_name_key`,
  `ALTER TABLE accounts DROP COLUMN plan, DROP COLUMN is_operator, DROP COLUMN github_id,
     DROP COLUMN github_login, DROP COLUMN email, DROP COLUMN avatar_url,
     ADD CONSTRAINT accounts_name_key UNIQUE (name)`,
];

const PROJECTS_UP = [
  `ALTER TABLE projects
     ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deleting', 'deleted')),
     ADD COLUMN auto_deploy boolean NOT NULL DEFAULT true,
     ADD COLUMN branch_include text[] NOT NULL DEFAULT '{}',
     ADD COLUMN branch_exclude text[] NOT NULL DEFAULT '{}',
     ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
     ADD COLUMN deleted_at timestamptz,
     ADD CHECK ((status = 'deleted') = (deleted_at IS NOT NULL)),
     DROP CONSTRAINT projects_account_id_slug_key`,
  `CREATE UNIQUE INDEX projects_account_id_slug_key ON projects (account_id, slug) WHERE status <> 'deleted'`,
  `CREATE INDEX projects_account_id_idx ON projects (account_id, id)`,
  `ALTER TABLE environments
     ADD COLUMN database_generation integer NOT NULL DEFAULT 1,
     ADD COLUMN observed_database_generation integer NOT NULL DEFAULT 1,
     ADD CHECK (observed_database_generation <= database_generation),
     ADD COLUMN latest_deployment_id text
       CONSTRAINT environments_latest_deployment_id_fkey REFERENCES deployments DEFERRABLE`,
  `UPDATE environments SET latest_deployment_id =
     (SELECT max(id) FROM deployments WHERE environment_id = environments.id)`,
  `ALTER TABLE deployments ALTER COLUMN commit_sha DROP NOT NULL`,
  `CREATE INDEX deployments_project_id_idx ON deployments (project_id, id)`,
  // The newest queued deployment wins and supersedes the older ones.
  `CREATE UNIQUE INDEX deployments_one_queued_key ON deployments (environment_id) WHERE status = 'queued'`,
  `CREATE INDEX deployments_unfinished_idx ON deployments (environment_id)
     WHERE status IN ('queued', 'building', 'deploying')`,
  `CREATE TABLE env_vars (
     id text PRIMARY KEY,
     project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
     key text NOT NULL CHECK (key ~ '^[A-Za-z_][A-Za-z0-9_]*$'),
     branch text NOT NULL DEFAULT '',
     sealed_value text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT env_vars_project_id_key_branch_key UNIQUE (project_id, key, branch)
   )`,
];
const PROJECTS_DOWN = [
  `DROP TABLE env_vars`,
  `DROP INDEX deployments_project_id_idx, deployments_one_queued_key, deployments_unfinished_idx`,
  `DELETE FROM deployments WHERE commit_sha IS NULL`,
  `ALTER TABLE deployments ALTER COLUMN commit_sha SET NOT NULL`,
  `ALTER TABLE environments DROP COLUMN database_generation, DROP COLUMN observed_database_generation,
     DROP COLUMN latest_deployment_id`,
  `DROP INDEX projects_account_id_idx, projects_account_id_slug_key`,
  `ALTER TABLE projects DROP COLUMN status, DROP COLUMN auto_deploy, DROP COLUMN branch_include,
     DROP COLUMN branch_exclude, DROP COLUMN updated_at, DROP COLUMN deleted_at`,
  `ALTER TABLE projects ADD CONSTRAINT projects_account_id_slug_key UNIQUE (account_id, slug)`,
];

const NODES_UP = [
  `CREATE TABLE nodes (
     id text PRIMARY KEY,
     swarm_id text NOT NULL CONSTRAINT nodes_swarm_id_key UNIQUE,
     hostname text NOT NULL,
     role text NOT NULL CHECK (role IN ('manager', 'worker')),
     state text NOT NULL,
     availability text NOT NULL,
     address text NOT NULL,
     cpus real NOT NULL,
     memory_mb integer NOT NULL,
     engine_version text NOT NULL,
     is_leader boolean NOT NULL,
     removal_requested_at timestamptz,
     removed_at timestamptz,
     joined_at timestamptz NOT NULL,
     seen_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE TABLE swarm_entrance (
     id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
     sealed_worker_token text NOT NULL,
     manager_address text NOT NULL,
     observed_at timestamptz NOT NULL DEFAULT now()
   )`,
];
const NODES_DOWN = [`DROP TABLE swarm_entrance, nodes`];
