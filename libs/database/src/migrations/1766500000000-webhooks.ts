import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks of accounts and projects, and the messages to them. */
export class Webhooks1766500000000 implements MigrationInterface {
  name = 'Webhooks1766500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhooks (
        id text PRIMARY KEY,
        account_id text NOT NULL REFERENCES accounts,
        project_id text REFERENCES projects ON DELETE CASCADE,
        format text NOT NULL CHECK (format IN ('standard', 'slack', 'discord', 'json')),
        url text,
        sealed_secret text NOT NULL,
        events text[] NOT NULL CHECK (cardinality(events) > 0),
        disabled_at timestamptz,
        disabled_reason text,
        failing_since timestamptz,
        failures integer NOT NULL DEFAULT 0,
        retry_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((format = 'standard') = (url IS NOT NULL)),
        CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
      )`);
    await runner.query(`CREATE INDEX webhooks_account_id_idx ON webhooks (account_id, id)`);
    await runner.query(`CREATE INDEX webhooks_project_id_idx ON webhooks (project_id, id)`);
    await runner.query(`
      CREATE TABLE webhook_messages (
        id text PRIMARY KEY,
        webhook_id text NOT NULL REFERENCES webhooks ON DELETE CASCADE,
        subject text NOT NULL,
        position bigint NOT NULL,
        type text NOT NULL,
        data jsonb NOT NULL,
        at timestamptz NOT NULL,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        first_failed_at timestamptz,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        last_attempt_at timestamptz,
        response_status integer,
        latency_ms integer,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT webhook_messages_event_key UNIQUE (webhook_id, subject, position),
        CHECK ((status = 'pending') = (finished_at IS NULL))
      )`);
    await runner.query(`CREATE INDEX webhook_messages_webhook_id_idx ON webhook_messages (webhook_id, id)`);
    await runner.query(
      `CREATE INDEX webhook_messages_pending_idx ON webhook_messages (webhook_id, next_attempt_at) WHERE status = 'pending'`,
    );
    await runner.query(
      `CREATE INDEX webhook_messages_finished_at_idx ON webhook_messages (finished_at) WHERE finished_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE webhook_messages`);
    await runner.query(`DROP TABLE webhooks`);
  }
}
