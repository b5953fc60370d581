import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Services: the version of their data, and how much space it takes. Parts of environments: whether that is near or above
 * what the live version asks for.
 */
export class ServiceVersions1765700000000 implements MigrationInterface {
  name = 'ServiceVersions1765700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE project_services
         ADD COLUMN version text,
         ADD COLUMN used_mb integer,
         ADD COLUMN measured_at timestamptz`,
    );
    await runner.query(
      `ALTER TABLE environment_services
         ADD COLUMN storage_level text NOT NULL DEFAULT 'ok'
           CONSTRAINT environment_services_storage_level_check CHECK (storage_level IN ('ok', 'nearly_full', 'full'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE environment_services DROP COLUMN storage_level`);
    await runner.query(
      `ALTER TABLE project_services DROP COLUMN version, DROP COLUMN used_mb, DROP COLUMN measured_at`,
    );
  }
}
