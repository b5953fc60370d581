import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Environments: whether a seed was restored, apart from whether `on_new` ran. */
export class HooksThatRan1765800000000 implements MigrationInterface {
  name = 'HooksThatRan1765800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE environments ADD COLUMN seed_due boolean NOT NULL DEFAULT true`);
    await runner.query(`UPDATE environments SET seed_due = is_new WHERE NOT is_new`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE environments DROP COLUMN seed_due`);
  }
}
