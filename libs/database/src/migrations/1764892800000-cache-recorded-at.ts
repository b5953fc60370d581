import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the time when the project of a build cache record was recorded. */
export class CacheRecordedAt1764892800000 implements MigrationInterface {
  name = 'CacheRecordedAt1764892800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE build_cache_records ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now()`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE build_cache_records DROP COLUMN recorded_at`);
  }
}
