import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Records where the frames of archived logs are, so that a reader unpacks only those that it needs. Content is
 * compressed already; without Postgres's own compression, a part of it is read without reading the rest.
 */
export class LogFrames1765520000000 implements MigrationInterface {
  name = 'LogFrames1765520000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['deployment_logs', 'execution_logs']) {
      await runner.query(
        `ALTER TABLE ${table} ADD COLUMN frames integer[], ALTER COLUMN content SET STORAGE EXTERNAL`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['deployment_logs', 'execution_logs']) {
      await runner.query(
        `ALTER TABLE ${table} DROP COLUMN frames, ALTER COLUMN content SET STORAGE EXTENDED`,
      );
    }
  }
}
