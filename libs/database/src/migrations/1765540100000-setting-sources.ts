import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds where the settings of a deployment come from; unknown for existing ones. */
export class SettingSources1765540100000 implements MigrationInterface {
  name = 'SettingSources1765540100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments ADD COLUMN setting_sources jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments DROP COLUMN setting_sources`);
  }
}
