import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries that GitHub could not deliver and is asked to deliver again. */
export class LostDeliveries1767200000000 implements MigrationInterface {
  name = 'LostDeliveries1767200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lost_deliveries (
        guid text PRIMARY KEY,
        attempt_id bigint NOT NULL,
        delivered_at timestamptz NOT NULL,
        requests integer NOT NULL DEFAULT 0,
        request_at timestamptz
      )`);
    await runner.query(
      `CREATE INDEX lost_deliveries_request_at_idx ON lost_deliveries (request_at) WHERE request_at IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX lost_deliveries_delivered_at_idx ON lost_deliveries (delivered_at)`);
    await runner.query(`
      CREATE TABLE delivery_looks (
        app_id bigint PRIMARY KEY,
        looked_until timestamptz,
        cursor text,
        newest timestamptz,
        next_at timestamptz NOT NULL DEFAULT now(),
        failures integer NOT NULL DEFAULT 0,
        error text,
        claims bigint NOT NULL DEFAULT 0,
        claimed_until timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE delivery_looks`);
    await runner.query(`DROP TABLE lost_deliveries`);
  }
}
