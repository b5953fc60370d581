import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts the moves of a deployment that failed in a row. */
export class MoveFailures1765600100000 implements MigrationInterface {
  name = 'MoveFailures1765600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deployments ADD COLUMN move_failures integer NOT NULL DEFAULT 0');
    await runner.query('UPDATE deployments SET move_failures = 1 WHERE move_error_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deployments DROP COLUMN move_failures');
  }
}
