import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds commands that run in environments, and their logs. */
export class Executions1764460800000 implements MigrationInterface {
  name = 'Executions1764460800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE executions (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES projects,
        environment_id text NOT NULL REFERENCES environments,
        deployment_id text REFERENCES deployments,
        requested_by text NOT NULL,
        command text[] NOT NULL CHECK (cardinality(command) BETWEEN 1 AND 64),
        timeout_seconds integer NOT NULL CHECK (timeout_seconds BETWEEN 1 AND 3600),
        status text NOT NULL
          CHECK (status IN ('queued', 'running', 'exited', 'failed', 'timed_out', 'cancelled')),
        exit_code integer,
        failure_code text,
        failure_message text,
        cancel_requested_at timestamptz,
        log_writers integer NOT NULL DEFAULT 0,
        lease_owner text,
        lease_epoch bigint NOT NULL DEFAULT 0,
        lease_until timestamptz,
        queued_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz,
        settled_at timestamptz,
        CHECK ((status = 'exited') = (exit_code IS NOT NULL)),
        CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
        CHECK ((failure_code IS NULL) = (failure_message IS NULL)),
        CHECK ((status IN ('queued', 'running')) = (finished_at IS NULL)),
        CHECK (settled_at IS NULL OR finished_at IS NOT NULL)
      )`);
    await runner.query(`CREATE INDEX executions_environment_id_idx ON executions (environment_id, id)`);
    await runner.query(
      `CREATE INDEX executions_unsettled_idx ON executions (environment_id) WHERE settled_at IS NULL`,
    );
    await runner.query(`CREATE INDEX executions_finished_at_idx ON executions (finished_at)`);
    await runner.query(`
      CREATE TABLE execution_logs (
        execution_id text NOT NULL REFERENCES executions ON DELETE CASCADE,
        writer integer NOT NULL,
        content bytea NOT NULL,
        archived_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (execution_id, writer)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE execution_logs, executions`);
  }
}
