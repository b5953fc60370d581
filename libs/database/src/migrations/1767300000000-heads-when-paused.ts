import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The branches of a repository at its last check, and those before a pause, to find the ones that are new when it ends. */
export class HeadsWhenPaused1767300000000 implements MigrationInterface {
  name = 'HeadsWhenPaused1767300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE branch_lookups ADD COLUMN heads text[], ADD COLUMN heads_at timestamptz');
    await runner.query('ALTER TABLE projects ADD COLUMN heads_when_paused text[]');
    await runner.query('CREATE INDEX branches_deploy_due_idx ON branches (project_id) WHERE deploy_due');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX branches_deploy_due_idx');
    await runner.query('ALTER TABLE projects DROP COLUMN heads_when_paused');
    await runner.query('ALTER TABLE branch_lookups DROP COLUMN heads_at, DROP COLUMN heads');
  }
}
