import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Marks the projects that got their repository before GitHub was asked who may use it: they go on as they are. */
export class AccessExemption1767400000000 implements MigrationInterface {
  name = 'AccessExemption1767400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE projects ADD COLUMN predates_access_checks boolean NOT NULL DEFAULT false',
    );
    await runner.query('UPDATE projects SET predates_access_checks = true WHERE access_checked_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE projects DROP COLUMN predates_access_checks');
  }
}
