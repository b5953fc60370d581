import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deployments: the image of the stage that runs their hooks. */
export class HookImages1765800060000 implements MigrationInterface {
  name = 'HookImages1765800060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments ADD COLUMN hook_image_id text`);
    await runner.query(
      `CREATE INDEX deployments_hook_image_idx ON deployments (hook_image_id) WHERE image_removed_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX deployments_hook_image_idx`);
    await runner.query(`ALTER TABLE deployments DROP COLUMN hook_image_id`);
  }
}
