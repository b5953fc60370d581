import type { MigrationInterface, QueryRunner } from 'typeorm';

const BEFORE = `'pending', 'running', 'paused', 'failed', 'destroying', 'destroyed'`;
const AFTER = `${BEFORE}, 'pausing', 'resuming'`;

/**
 * Adds why a live version could not be started or its hooks failed, the statuses of an environment whose containers
 * are stopping or starting, and what apps wrote until their containers were removed.
 */
export class EnvironmentFailures1765540000000 implements MigrationInterface {
  name = 'EnvironmentFailures1765540000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE environments
         DROP CONSTRAINT environments_status_check,
         ADD CONSTRAINT environments_status_check CHECK (status IN (${AFTER})),
         ADD COLUMN failure_code text,
         ADD COLUMN failure_message text,
         ADD COLUMN failed_at timestamptz,
         ADD COLUMN failed_generation bigint,
         ADD COLUMN failure_count integer NOT NULL DEFAULT 0,
         ADD COLUMN retry_at timestamptz,
         ADD CONSTRAINT environments_failure_check CHECK (
           num_nulls(failure_code, failure_message, failed_at, failed_generation) IN (0, 4)
           AND (failure_code IS NOT NULL OR retry_at IS NULL))`,
    );
    await runner.query(
      `CREATE INDEX environments_retry_at_idx ON environments (retry_at) WHERE retry_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE TABLE output_archives (
         deployment_id text PRIMARY KEY REFERENCES deployments ON DELETE CASCADE,
         content bytea NOT NULL,
         last_nanoseconds bigint NOT NULL,
         archived_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE output_archives`);
    await runner.query(`UPDATE environments SET status = 'paused' WHERE status IN ('pausing', 'resuming')`);
    await runner.query(
      `ALTER TABLE environments
         DROP CONSTRAINT environments_failure_check,
         DROP COLUMN failure_code, DROP COLUMN failure_message, DROP COLUMN failed_at,
         DROP COLUMN failed_generation, DROP COLUMN failure_count, DROP COLUMN retry_at,
         DROP CONSTRAINT environments_status_check,
         ADD CONSTRAINT environments_status_check CHECK (status IN (${BEFORE}))`,
    );
  }
}
