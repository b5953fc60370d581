import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pull requests of forks, whose commits are deployed once somebody approved them. */
export class ForkApprovals1767200060000 implements MigrationInterface {
  name = 'ForkApprovals1767200060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE projects ADD COLUMN pull_request_forks text NOT NULL DEFAULT 'never'
        CHECK (pull_request_forks IN ('never', 'approved'))`);
    await runner.query('ALTER TABLE pull_requests ADD COLUMN head_sha text');
    await runner.query(`
      CREATE TABLE fork_approvals (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        repository_id bigint NOT NULL,
        repository text NOT NULL,
        installation_id bigint NOT NULL,
        review_id bigint NOT NULL,
        number integer NOT NULL,
        commit_sha text NOT NULL,
        reviewer_id bigint NOT NULL,
        reviewer_login text NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'granted', 'denied', 'withdrawn')),
        failures integer NOT NULL DEFAULT 0,
        error text,
        next_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT fork_approvals_review_key UNIQUE (repository_id, review_id)
      )`);
    await runner.query(
      `CREATE INDEX fork_approvals_commit_idx ON fork_approvals (repository_id, number, commit_sha)`,
    );
    await runner.query(
      `CREATE INDEX fork_approvals_due_idx ON fork_approvals (next_at) WHERE status = 'pending'`,
    );
    await runner.query(`CREATE INDEX fork_approvals_updated_at_idx ON fork_approvals (updated_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE fork_approvals');
    await runner.query('ALTER TABLE pull_requests DROP COLUMN head_sha');
    await runner.query('ALTER TABLE projects DROP COLUMN pull_request_forks');
  }
}
