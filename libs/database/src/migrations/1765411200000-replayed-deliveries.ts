import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records who had a delivery replayed, and finds the outcomes that are in doubt. */
export class ReplayedDeliveries1765411200000 implements MigrationInterface {
  name = 'ReplayedDeliveries1765411200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE webhook_deliveries ADD COLUMN replayed_at timestamptz, ADD COLUMN replayed_by text`,
    );
    await runner.query(
      `CREATE INDEX delivery_outcomes_in_doubt_idx ON delivery_outcomes (project_id) WHERE outcome = 'in-doubt'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX delivery_outcomes_in_doubt_idx`);
    await runner.query(`ALTER TABLE webhook_deliveries DROP COLUMN replayed_at, DROP COLUMN replayed_by`);
  }
}
