import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'postgres', 'redis', 's3'`;
/** Redis starts with 1,024 logical databases, of which the first stays unused. */
const MAX_NUMBER = 1023;

/** Adds shared services of projects, each environment's part of them, and database backups. */
export class SharedServices1764288000000 implements MigrationInterface {
  name = 'SharedServices1764288000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE project_services (
        project_id text NOT NULL REFERENCES projects,
        kind text NOT NULL CHECK (kind IN (${KINDS})),
        node_id text,
        image_id text,
        sealed_password text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (project_id, kind),
        CHECK ((node_id IS NULL) = (image_id IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE environment_services (
        environment_id text NOT NULL REFERENCES environments,
        kind text NOT NULL,
        project_id text NOT NULL,
        number integer NOT NULL CHECK (number BETWEEN 1 AND ${MAX_NUMBER}),
        sealed_password text NOT NULL,
        provisioned_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (environment_id, kind),
        CONSTRAINT environment_services_number_key UNIQUE (project_id, kind, number),
        FOREIGN KEY (project_id, kind) REFERENCES project_services
      )`);
    await runner.query(`
      CREATE TABLE database_backups (
        environment_id text NOT NULL REFERENCES environments,
        generation integer NOT NULL CHECK (generation >= 1),
        taken_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (environment_id, generation)
      )`);
    await runner.query(`CREATE INDEX database_backups_expires_at_idx ON database_backups (expires_at)`);
    await runner.query(
      `ALTER TABLE environments
         ADD COLUMN restored_generation integer CHECK (restored_generation < database_generation),
         ADD COLUMN is_new boolean NOT NULL DEFAULT true,
         ADD COLUMN hooks_due boolean NOT NULL DEFAULT false`,
    );
    await runner.query(`UPDATE environments SET is_new = false WHERE live_deployment_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE environments DROP COLUMN restored_generation, DROP COLUMN is_new, DROP COLUMN hooks_due`,
    );
    await runner.query(`DROP TABLE database_backups, environment_services, project_services`);
  }
}
