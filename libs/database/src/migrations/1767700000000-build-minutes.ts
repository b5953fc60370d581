import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Meters builds: a row per run of a build, and the sum per project and day. Builds since the beginning of the last month are
 * taken over, each as one run; a running one is charged until now. Deployments have the time since which their environment has
 * waited for a build, which a newer deployment takes over.
 */
export class BuildMinutes1767700000000 implements MigrationInterface {
  name = 'BuildMinutes1767700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE build_runs (
        deployment_id text NOT NULL,
        attempt integer NOT NULL,
        account_id text NOT NULL,
        project_id text NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        renewed_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz CHECK (ended_at >= started_at),
        metered_at timestamptz CHECK (metered_at IS NULL OR ended_at IS NOT NULL),
        PRIMARY KEY (deployment_id, attempt)
      )`);
    await runner.query('CREATE INDEX build_runs_account_id_idx ON build_runs (account_id, started_at)');
    await runner.query(
      'CREATE INDEX build_runs_unmetered_idx ON build_runs (account_id) WHERE metered_at IS NULL',
    );
    await runner.query(
      'CREATE INDEX build_runs_metered_at_idx ON build_runs (metered_at) WHERE metered_at IS NOT NULL',
    );
    await runner.query(`
      INSERT INTO build_runs (deployment_id, attempt, account_id, project_id, started_at, renewed_at, ended_at)
      SELECT deployment.id, 1, project.account_id, project.id, started_at, build.ended_at, build.ended_at
      FROM deployments deployment
      JOIN projects project ON project.id = deployment.project_id
      CROSS JOIN LATERAL (
        SELECT greatest(started_at, coalesce(built_at, finished_at, now())) AS ended_at) build
      WHERE started_at >= date_trunc('month', now(), 'UTC') - interval '1 month'`);
    await runner.query(`
      CREATE TABLE build_usage (
        account_id text NOT NULL,
        day date NOT NULL,
        project_id text NOT NULL,
        builds integer NOT NULL CHECK (builds >= 0),
        seconds numeric NOT NULL CHECK (seconds >= 0),
        PRIMARY KEY (account_id, day, project_id)
      )`);
    await runner.query(`
      ALTER TABLE accounts ADD COLUMN build_minutes_level text NOT NULL DEFAULT 'ok'
        CHECK (build_minutes_level IN ('ok', 'nearly_used_up', 'used_up'))`);
    await runner.query(
      `CREATE INDEX accounts_build_minutes_level_idx ON accounts (id) WHERE build_minutes_level <> 'ok'`,
    );
    await runner.query('ALTER TABLE deployments ADD COLUMN waiting_since timestamptz NOT NULL DEFAULT now()');
    await runner.query(
      `UPDATE deployments SET waiting_since = queued_at WHERE status IN ('queued', 'building')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deployments DROP COLUMN waiting_since');
    await runner.query('ALTER TABLE accounts DROP COLUMN build_minutes_level');
    await runner.query('DROP TABLE build_usage');
    await runner.query('DROP TABLE build_runs');
  }
}
