import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets an operator set single limits of an account, adds the plan `enterprise`, and records what each service of a project
 * takes, so that it can be reserved before the service first starts.
 */
export class Quotas1767600000000 implements MigrationInterface {
  name = 'Quotas1767600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE accounts ADD COLUMN limits jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`ALTER TABLE accounts DROP CONSTRAINT accounts_plan_check,
      ADD CONSTRAINT accounts_plan_check CHECK (plan IN ('free', 'pro', 'enterprise', 'operator'))`);
    await runner.query(`
      CREATE TABLE service_sizes (
        kind text PRIMARY KEY,
        cpu numeric NOT NULL,
        memory_mb integer NOT NULL
      )`);
    await runner.query(
      `INSERT INTO service_sizes (kind, cpu, memory_mb) VALUES ('postgres', 1, 512), ('redis', 1, 256), ('s3', 1, 256)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE service_sizes');
    await runner.query(`UPDATE accounts SET plan = 'pro' WHERE plan = 'enterprise'`);
    await runner.query(`ALTER TABLE accounts DROP CONSTRAINT accounts_plan_check,
      ADD CONSTRAINT accounts_plan_check CHECK (plan IN ('free', 'pro', 'operator'))`);
    await runner.query('ALTER TABLE accounts DROP COLUMN limits');
  }
}
