import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What GitHub is to be told of deployments, and what it was told last. */
export class GithubReports1766900000000 implements MigrationInterface {
  name = 'GithubReports1766900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE projects
        ADD COLUMN github_checks boolean NOT NULL DEFAULT true,
        ADD COLUMN github_deployments boolean NOT NULL DEFAULT true,
        ADD COLUMN github_comments boolean NOT NULL DEFAULT true`);
    await runner.query(`
      CREATE TABLE github_reports (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('check', 'comment', 'deployment', 'skip')),
        subject text NOT NULL,
        project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
        environment_id text REFERENCES environments ON DELETE CASCADE,
        branch text NOT NULL,
        skipped jsonb,
        version bigint NOT NULL DEFAULT 1,
        told_version bigint NOT NULL DEFAULT 0,
        told text,
        state text,
        remote jsonb NOT NULL DEFAULT '{}',
        in_doubt boolean NOT NULL DEFAULT false,
        attempts integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        refusals integer NOT NULL DEFAULT 0,
        first_failed_at timestamptz,
        error text,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT github_reports_subject_key UNIQUE (kind, subject),
        CHECK (told_version <= version),
        CHECK ((environment_id IS NULL) = (kind IN ('comment', 'skip'))),
        CHECK ((skipped IS NOT NULL) = (kind = 'skip'))
      )`);
    await runner.query(
      `CREATE INDEX github_reports_due_idx ON github_reports (next_attempt_at) WHERE told_version < version`,
    );
    await runner.query(`CREATE INDEX github_reports_project_id_idx ON github_reports (project_id)`);
    await runner.query(`CREATE INDEX github_reports_environment_id_idx ON github_reports (environment_id)`);
    await runner.query(`CREATE INDEX github_reports_updated_at_idx ON github_reports (updated_at)`);
    await runner.query(`
      CREATE TABLE github_pauses (
        installation_id bigint PRIMARY KEY,
        until timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE github_pauses`);
    await runner.query(`DROP TABLE github_reports`);
    await runner.query(`
      ALTER TABLE projects DROP COLUMN github_checks, DROP COLUMN github_deployments,
        DROP COLUMN github_comments`);
  }
}
