import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Branches with an environment are compared with the remote, in case a webhook was missed. */
export class BranchChecks1766700000000 implements MigrationInterface {
  name = 'BranchChecks1766700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE branches ADD COLUMN missing_since timestamptz');
    await runner.query(
      'ALTER TABLE branch_lookups ADD COLUMN checked_at timestamptz, ADD COLUMN default_branch text',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE branch_lookups DROP COLUMN default_branch, DROP COLUMN checked_at');
    await runner.query('ALTER TABLE branches DROP COLUMN missing_since');
  }
}
