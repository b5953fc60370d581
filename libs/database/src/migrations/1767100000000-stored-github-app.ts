import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The GitHub App that was created through Nexos, and the requests to create one. */
export class StoredGithubApp1767100000000 implements MigrationInterface {
  name = 'StoredGithubApp1767100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE github_app (
        id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        app_id bigint NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        html_url text NOT NULL,
        sealed_credentials text NOT NULL,
        created_by text REFERENCES accounts ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE github_app_manifests (
        state_hash text PRIMARY KEY,
        account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
        name text NOT NULL,
        organization text,
        expires_at timestamptz NOT NULL,
        code_hash text,
        claimed_until timestamptz,
        finished_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT github_app_manifests_finished CHECK (finished_at IS NULL OR code_hash IS NOT NULL)
      )`);
    await runner.query(
      'CREATE INDEX github_app_manifests_expires_at_idx ON github_app_manifests (expires_at)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE github_app_manifests');
    await runner.query('DROP TABLE github_app');
  }
}
