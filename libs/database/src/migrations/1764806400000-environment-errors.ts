import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the current reconcile error of an environment and the number of failed attempts. */
export class EnvironmentErrors1764806400000 implements MigrationInterface {
  name = 'EnvironmentErrors1764806400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE environments
         ADD COLUMN error_code text,
         ADD COLUMN error_message text,
         ADD COLUMN error_at timestamptz,
         ADD COLUMN error_count integer NOT NULL DEFAULT 0`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE environments
         DROP COLUMN error_code, DROP COLUMN error_message, DROP COLUMN error_at, DROP COLUMN error_count`,
    );
  }
}
