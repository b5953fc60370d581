import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts the subnets given to projects. It starts somewhere, so that installations on one engine rarely meet. */
export class ProjectSubnets1765600000000 implements MigrationInterface {
  name = 'ProjectSubnets1765600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SEQUENCE project_subnets MINVALUE 0 CYCLE');
    await runner.query(`SELECT setval('project_subnets', floor(random() * 65536)::bigint)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SEQUENCE project_subnets');
  }
}
