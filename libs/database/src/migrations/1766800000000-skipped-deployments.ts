import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A deployment that was not built says why, and its delivery is found. */
export class SkippedDeployments1766800000000 implements MigrationInterface {
  name = 'SkippedDeployments1766800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deployments ADD COLUMN skip_reason text');
    await runner.query(
      `CREATE INDEX delivery_outcomes_deployment_id_idx ON delivery_outcomes (deployment_id)
       WHERE deployment_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX delivery_outcomes_deployment_id_idx');
    await runner.query('ALTER TABLE deployments DROP COLUMN skip_reason');
  }
}
