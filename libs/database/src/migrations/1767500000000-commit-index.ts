import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the deployments of a commit, such as when all its checks are to run again. */
export class CommitIndex1767500000000 implements MigrationInterface {
  name = 'CommitIndex1767500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX deployments_commit_sha_idx ON deployments (project_id, commit_sha)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX deployments_commit_sha_idx');
  }
}
