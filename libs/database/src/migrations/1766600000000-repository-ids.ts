import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects know the id of their repository, which a new name does not change. */
export class RepositoryIds1766600000000 implements MigrationInterface {
  name = 'RepositoryIds1766600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE projects ADD COLUMN repository_id bigint');
    await runner.query('CREATE INDEX projects_repository_id_idx ON projects (repository_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE projects DROP COLUMN repository_id');
  }
}
