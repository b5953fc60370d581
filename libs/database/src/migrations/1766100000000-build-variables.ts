import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Environment variables: whether builds get them, as a secret or as an argument. */
export class BuildVariables1766100000000 implements MigrationInterface {
  name = 'BuildVariables1766100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE env_vars ADD COLUMN build text CHECK (build IN ('secret', 'arg')),
         ADD CONSTRAINT env_vars_build_secret_check CHECK (secret OR build IS DISTINCT FROM 'secret')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE env_vars DROP COLUMN build`);
  }
}
