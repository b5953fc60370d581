import type { MigrationInterface, QueryRunner } from 'typeorm';

const ENVIRONMENT_STATUSES = `'pending', 'running', 'paused', 'failed', 'destroying', 'destroyed'`;
const DEPLOYMENT_STATUSES = `'queued', 'building', 'deploying', 'live', 'replaced', 'failed', 'cancelled', 'superseded'`;

export class Initial1761955200000 implements MigrationInterface {
  name = 'Initial1761955200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accounts (
        id text PRIMARY KEY,
        name text NOT NULL UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE api_keys (
        id text PRIMARY KEY,
        account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
        key_id text NOT NULL UNIQUE,
        secret_hash text NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        revoked_at timestamptz
      )`);
    await runner.query(`CREATE INDEX api_keys_account_id_idx ON api_keys (account_id)`);
    await runner.query(`
      CREATE TABLE projects (
        id text PRIMARY KEY,
        account_id text NOT NULL REFERENCES accounts,
        name text NOT NULL,
        slug text NOT NULL,
        github_repo text NOT NULL,
        repository_key text NOT NULL CHECK (repository_key = lower(github_repo)),
        installation_id bigint,
        dockerfile text NOT NULL,
        build_context text NOT NULL,
        build_timeout_seconds integer NOT NULL CHECK (build_timeout_seconds > 0),
        service_postgres boolean NOT NULL,
        service_redis boolean NOT NULL,
        service_s3 boolean NOT NULL,
        port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
        health_check_path text NOT NULL,
        cpu real NOT NULL CHECK (cpu > 0),
        memory_mb integer NOT NULL CHECK (memory_mb > 0),
        lease_owner text,
        lease_epoch bigint NOT NULL DEFAULT 0,
        lease_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT projects_account_id_slug_key UNIQUE (account_id, slug)
      )`);
    await runner.query(`CREATE INDEX projects_repository_key_idx ON projects (repository_key)`);
    await runner.query(`
      CREATE TABLE branches (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
        name text NOT NULL,
        head_sha text NOT NULL,
        before_sha text NOT NULL,
        pushed_at timestamptz,
        in_doubt_since timestamptz,
        doubted_pushed_at timestamptz,
        asked_at timestamptz,
        CONSTRAINT branches_project_id_name_key UNIQUE (project_id, name)
      )`);
    await runner.query(
      `CREATE INDEX branches_in_doubt_idx ON branches (in_doubt_since) WHERE in_doubt_since IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE environments (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES projects,
        branch text NOT NULL,
        hostname text NOT NULL,
        status text NOT NULL CHECK (status IN (${ENVIRONMENT_STATUSES})),
        desired_state text NOT NULL CHECK (desired_state IN ('running', 'paused', 'destroyed')),
        desired_deployment_id text,
        live_deployment_id text,
        generation bigint NOT NULL DEFAULT 1,
        observed_generation bigint NOT NULL DEFAULT 0 CHECK (observed_generation <= generation),
        lease_owner text,
        lease_epoch bigint NOT NULL DEFAULT 0,
        lease_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        destroyed_at timestamptz,
        CHECK ((status = 'destroyed') = (destroyed_at IS NOT NULL))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX environments_branch_key ON environments (project_id, branch) WHERE status NOT IN ('destroying', 'destroyed')`,
    );
    await runner.query(`CREATE INDEX environments_project_id_idx ON environments (project_id)`);
    await runner.query(
      `CREATE INDEX environments_unsettled_idx ON environments (id) WHERE generation <> observed_generation`,
    );
    await runner.query(`
      CREATE TABLE hostnames (
        hostname text PRIMARY KEY CHECK (hostname = lower(hostname)),
        account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
        environment_id text,
        released_at timestamptz,
        CHECK ((environment_id IS NULL) = (released_at IS NOT NULL))
      )`);
    await runner.query(`CREATE INDEX hostnames_environment_id_idx ON hostnames (environment_id)`);
    await runner.query(`CREATE INDEX hostnames_released_at_idx ON hostnames (released_at)`);
    await runner.query(`
      CREATE TABLE deployments (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES projects,
        environment_id text NOT NULL REFERENCES environments,
        trigger text NOT NULL CHECK (trigger IN ('push', 'rebuild', 'api')),
        status text NOT NULL CHECK (status IN (${DEPLOYMENT_STATUSES})),
        branch text NOT NULL,
        commit_sha text NOT NULL CHECK (commit_sha ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
        commit_message text,
        commit_author text,
        spec jsonb NOT NULL,
        attempt integer NOT NULL DEFAULT 0,
        lease_until timestamptz,
        image_id text,
        image_node_id text,
        failure_code text,
        failure_message text,
        log_writers integer NOT NULL DEFAULT 0,
        drain_until timestamptz,
        queued_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        built_at timestamptz,
        live_at timestamptz,
        finished_at timestamptz,
        CHECK ((status = 'failed') = (failure_code IS NOT NULL))
      )`);
    await runner.query(`CREATE INDEX deployments_environment_id_idx ON deployments (environment_id, id)`);
    await runner.query(
      `CREATE UNIQUE INDEX deployments_one_build_key ON deployments (environment_id) WHERE status = 'building'`,
    );
    await runner.query(
      `CREATE INDEX deployments_unbuilt_idx ON deployments (status, queued_at) WHERE status IN ('queued', 'building')`,
    );
    await runner.query(`
      ALTER TABLE environments
        ADD CONSTRAINT environments_desired_deployment_id_fkey
          FOREIGN KEY (desired_deployment_id) REFERENCES deployments DEFERRABLE,
        ADD CONSTRAINT environments_live_deployment_id_fkey
          FOREIGN KEY (live_deployment_id) REFERENCES deployments DEFERRABLE`);
    await runner.query(`
      CREATE TABLE deployment_logs (
        deployment_id text NOT NULL REFERENCES deployments ON DELETE CASCADE,
        writer integer NOT NULL,
        content bytea NOT NULL,
        archived_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (deployment_id, writer)
      )`);
    await runner.query(`
      CREATE TABLE webhook_deliveries (
        id text PRIMARY KEY,
        event text NOT NULL,
        repository text,
        matched integer NOT NULL,
        outcome text NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX webhook_deliveries_received_at_idx ON webhook_deliveries (received_at)`);
    await runner.query(`
      CREATE TABLE outbox (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        queue text NOT NULL,
        name text NOT NULL,
        payload jsonb NOT NULL,
        delay_ms integer NOT NULL DEFAULT 0 CHECK (delay_ms >= 0),
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE outbox, webhook_deliveries, deployment_logs, deployments, hostnames, environments, branches, projects, api_keys, accounts CASCADE`,
    );
  }
}
