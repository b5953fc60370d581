import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Installations of the GitHub App, what they give access to, which accounts have them, and why deploys are paused. */
export class GithubInstallations1767000000000 implements MigrationInterface {
  name = 'GithubInstallations1767000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE github_installations (
        id bigint PRIMARY KEY,
        owner_id bigint NOT NULL,
        owner_login text NOT NULL,
        owner_type text NOT NULL,
        repository_selection text NOT NULL CHECK (repository_selection IN ('all', 'selected')),
        status text NOT NULL CHECK (status IN ('active', 'suspended', 'removed')),
        changed_at timestamptz NOT NULL,
        seq bigint NOT NULL DEFAULT 0,
        listed_at timestamptz,
        list_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX github_installations_owner_id_idx ON github_installations (owner_id)`);
    await runner.query(
      `CREATE INDEX github_installations_list_at_idx ON github_installations (list_at) WHERE status <> 'removed'`,
    );
    await runner.query(`
      CREATE TABLE github_repositories (
        id bigint PRIMARY KEY,
        installation_id bigint NOT NULL REFERENCES github_installations ON DELETE CASCADE,
        name text NOT NULL,
        name_key text NOT NULL,
        is_private boolean NOT NULL,
        default_branch text,
        changed_at timestamptz,
        seq bigint NOT NULL DEFAULT 0,
        seen_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(
      `CREATE INDEX github_repositories_installation_id_idx ON github_repositories (installation_id, name_key)`,
    );
    await runner.query(`CREATE INDEX github_repositories_name_key_idx ON github_repositories (name_key)`);
    await runner.query(`
      CREATE TABLE account_installations (
        account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
        installation_id bigint NOT NULL,
        PRIMARY KEY (account_id, installation_id)
      )`);
    await runner.query(`
      CREATE TABLE repository_access (
        account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
        repository_id bigint NOT NULL,
        permission text NOT NULL,
        checked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (account_id, repository_id)
      )`);
    await runner.query(`CREATE INDEX repository_access_checked_at_idx ON repository_access (checked_at)`);
    await runner.query(`
      ALTER TABLE projects
        ADD COLUMN access_checked_at timestamptz,
        ADD COLUMN paused_reason text,
        ADD COLUMN paused_at timestamptz,
        ADD CONSTRAINT projects_paused_check CHECK ((paused_reason IS NULL) = (paused_at IS NULL))`);
    await runner.query(
      `CREATE INDEX projects_installation_id_idx ON projects (installation_id) WHERE installation_id IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX projects_paused_idx ON projects (id) WHERE paused_reason IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX projects_paused_idx`);
    await runner.query(`DROP INDEX projects_installation_id_idx`);
    await runner.query(`
      ALTER TABLE projects DROP COLUMN access_checked_at, DROP COLUMN paused_reason, DROP COLUMN paused_at`);
    await runner.query(`DROP TABLE repository_access`);
    await runner.query(`DROP TABLE account_installations`);
    await runner.query(`DROP TABLE github_repositories`);
    await runner.query(`DROP TABLE github_installations`);
  }
}
