import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs of containers: where they listen, and why their command could not run. */
export class StartFacts1766000100000 implements MigrationInterface {
  name = 'StartFacts1766000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE container_runs ADD COLUMN listeners jsonb, ADD COLUMN command_problem jsonb`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE container_runs DROP COLUMN listeners, DROP COLUMN command_problem`);
  }
}
