import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each project can have its own webhook, with its own secret. */
export class ProjectWebhookSecrets1766650000000 implements MigrationInterface {
  name = 'ProjectWebhookSecrets1766650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook_secrets (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
        sealed_secret text NOT NULL,
        valid_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX webhook_secrets_project_id_idx ON webhook_secrets (project_id, id)');
    await runner.query(
      'CREATE UNIQUE INDEX webhook_secrets_current_key ON webhook_secrets (project_id) WHERE valid_until IS NULL',
    );
    await runner.query(
      'ALTER TABLE webhook_deliveries ADD COLUMN project_id text REFERENCES projects ON DELETE CASCADE',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhook_deliveries DROP COLUMN project_id');
    await runner.query('DROP TABLE webhook_secrets');
  }
}
