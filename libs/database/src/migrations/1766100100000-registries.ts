import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credentials of projects for registries. */
export class Registries1766100100000 implements MigrationInterface {
  name = 'Registries1766100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE registries (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
        host text NOT NULL CHECK (host = lower(host)),
        username text NOT NULL,
        sealed_password text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT registries_project_id_host_key UNIQUE (project_id, host)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE registries`);
  }
}
