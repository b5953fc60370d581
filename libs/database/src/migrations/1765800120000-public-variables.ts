import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Environment variables: whether logs must not show the value. */
export class PublicVariables1765800120000 implements MigrationInterface {
  name = 'PublicVariables1765800120000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE env_vars ADD COLUMN secret boolean NOT NULL DEFAULT true`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE env_vars DROP COLUMN secret`);
  }
}
