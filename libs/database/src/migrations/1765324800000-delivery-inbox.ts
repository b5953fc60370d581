import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Turns deliveries into an inbox: they are accepted first and processed later, in order of receipt. Only `accepted`
 * deliveries wait; the previous version writes other outcomes, so its rows count as processed.
 */
export class DeliveryInbox1765324800000 implements MigrationInterface {
  name = 'DeliveryInbox1765324800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SEQUENCE webhook_deliveries_seq_seq AS bigint`);
    await runner.query(`
      ALTER TABLE webhook_deliveries
        ADD COLUMN seq bigint,
        ADD COLUMN repository_key text,
        ADD COLUMN branch text,
        ADD COLUMN commit_sha text,
        ADD COLUMN body bytea,
        ADD COLUMN reason text,
        ADD COLUMN error text,
        ADD COLUMN attempts integer NOT NULL DEFAULT 0,
        ADD COLUMN retry_at timestamptz,
        ADD COLUMN forced boolean NOT NULL DEFAULT false,
        ADD COLUMN processed_at timestamptz,
        ALTER COLUMN matched SET DEFAULT 0,
        ALTER COLUMN body SET STORAGE EXTERNAL`);
    await runner.query(`
      UPDATE webhook_deliveries SET seq = known.seq, processed_at = received_at, repository_key = lower(repository)
      FROM (SELECT id, row_number() OVER (ORDER BY received_at, id) AS seq FROM webhook_deliveries) known
      WHERE known.id = webhook_deliveries.id`);
    await runner.query(
      `SELECT setval('webhook_deliveries_seq_seq', coalesce(max(seq), 0) + 1, false) FROM webhook_deliveries`,
    );
    await runner.query(`
      ALTER TABLE webhook_deliveries
        ALTER COLUMN seq SET DEFAULT nextval('webhook_deliveries_seq_seq'),
        ALTER COLUMN seq SET NOT NULL,
        ADD CONSTRAINT webhook_deliveries_seq_key UNIQUE (seq)`);
    await runner.query(`ALTER SEQUENCE webhook_deliveries_seq_seq OWNED BY webhook_deliveries.seq`);
    await runner.query(
      `CREATE INDEX webhook_deliveries_waiting_idx ON webhook_deliveries (repository_key, seq)
       WHERE outcome = 'accepted'`,
    );
    await runner.query(
      `CREATE INDEX webhook_deliveries_bodies_idx ON webhook_deliveries (received_at) WHERE body IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE delivery_outcomes (
        project_id text NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        delivery_seq bigint NOT NULL REFERENCES webhook_deliveries (seq) ON DELETE CASCADE,
        outcome text NOT NULL,
        reason text,
        deployment_id text,
        PRIMARY KEY (project_id, delivery_seq)
      )`);
    await runner.query(`CREATE INDEX delivery_outcomes_delivery_seq_idx ON delivery_outcomes (delivery_seq)`);
    await runner.query(`
      CREATE TABLE branch_lookups (
        repository_key text PRIMARY KEY,
        claims bigint NOT NULL DEFAULT 0,
        claimed_until timestamptz,
        failures integer NOT NULL DEFAULT 0,
        not_before timestamptz,
        error text
      )`);
    // Branches in doubt are now looked up by repository, and a sweep finds the branches of these deleted jobs.
    await runner.query(`DELETE FROM outbox WHERE queue = 'build' AND name = 'follow-branch'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE branch_lookups`);
    await runner.query(`DROP TABLE delivery_outcomes`);
    await runner.query(`DROP INDEX webhook_deliveries_bodies_idx`);
    await runner.query(`DROP INDEX webhook_deliveries_waiting_idx`);
    await runner.query(`
      ALTER TABLE webhook_deliveries
        DROP COLUMN seq,
        DROP COLUMN repository_key,
        DROP COLUMN branch,
        DROP COLUMN commit_sha,
        DROP COLUMN body,
        DROP COLUMN reason,
        DROP COLUMN error,
        DROP COLUMN attempts,
        DROP COLUMN retry_at,
        DROP COLUMN forced,
        DROP COLUMN processed_at,
        ALTER COLUMN matched DROP DEFAULT`);
  }
}
