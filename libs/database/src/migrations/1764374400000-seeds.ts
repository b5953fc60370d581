import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the image with the dump that seeds a new database. */
export class Seeds1764374400000 implements MigrationInterface {
  name = 'Seeds1764374400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments ADD COLUMN seed_image_id text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments DROP COLUMN seed_image_id`);
  }
}
