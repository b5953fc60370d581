import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pull requests, and projects that deploy only branches with an open one. */
export class PullRequests1766800000001 implements MigrationInterface {
  name = 'PullRequests1766800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pull_requests (
        project_id text NOT NULL,
        repository_id bigint NOT NULL,
        number integer NOT NULL,
        head_branch text NOT NULL,
        head_repository_id bigint,
        is_own boolean NOT NULL,
        base_branch text NOT NULL,
        head_is_base boolean NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'closed')),
        is_draft boolean NOT NULL,
        labels text[] NOT NULL,
        updated_at timestamptz NOT NULL,
        delivery_seq bigint NOT NULL,
        PRIMARY KEY (project_id, repository_id, number)
      )`);
    await runner.query(
      `CREATE INDEX pull_requests_head_idx ON pull_requests (head_branch, repository_id) WHERE state = 'open'`,
    );
    await runner.query(
      `CREATE INDEX pull_requests_closed_idx ON pull_requests (updated_at) WHERE state = 'closed'`,
    );
    await runner.query(`
      ALTER TABLE projects
        ADD COLUMN deploy_on text NOT NULL DEFAULT 'push' CHECK (deploy_on IN ('push', 'pull_request')),
        ADD COLUMN pull_request_label text,
        ADD COLUMN pull_request_drafts boolean NOT NULL DEFAULT false`);
    await runner.query('ALTER TABLE branches ADD COLUMN deploy_due boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE branches DROP COLUMN deploy_due');
    await runner.query(
      'ALTER TABLE projects DROP COLUMN deploy_on, DROP COLUMN pull_request_label, DROP COLUMN pull_request_drafts',
    );
    await runner.query('DROP TABLE pull_requests');
  }
}
