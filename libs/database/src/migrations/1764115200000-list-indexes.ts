import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds indexes for lists and quotas, so that a long history does not slow them down. */
export class ListIndexes1764115200000 implements MigrationInterface {
  name = 'ListIndexes1764115200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX deployments_branch_idx ON deployments (project_id, branch, id)`);
    await runner.query(`CREATE INDEX deployments_status_idx ON deployments (project_id, status, id)`);
    await runner.query(
      `CREATE INDEX deployments_started_at_idx ON deployments (project_id, started_at) WHERE started_at IS NOT NULL`,
    );
    await runner.query(`DROP INDEX environments_project_id_idx`);
    await runner.query(`CREATE INDEX environments_project_id_idx ON environments (project_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX environments_project_id_idx`);
    await runner.query(`CREATE INDEX environments_project_id_idx ON environments (project_id)`);
    await runner.query(
      `DROP INDEX deployments_branch_idx, deployments_status_idx, deployments_started_at_idx`,
    );
  }
}
