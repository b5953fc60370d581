import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the attempts of a deployment that do not count, and indexes to find the users of an image before its removal. */
export class BuildsGivenBack1764979200000 implements MigrationInterface {
  name = 'BuildsGivenBack1764979200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments ADD COLUMN given_back integer NOT NULL DEFAULT 0`);
    await runner.query(
      `CREATE INDEX deployments_image_idx ON deployments (image_id) WHERE image_removed_at IS NULL`,
    );
    await runner.query(
      `CREATE INDEX deployments_seed_image_idx ON deployments (seed_image_id) WHERE image_removed_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX deployments_seed_image_idx`);
    await runner.query(`DROP INDEX deployments_image_idx`);
    await runner.query(`ALTER TABLE deployments DROP COLUMN given_back`);
  }
}
