import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys can be limited to projects, and tell from where they were used last. */
export class ProjectKeys1767800000001 implements MigrationInterface {
  name = 'ProjectKeys1767800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD COLUMN project_ids text[] CHECK (cardinality(project_ids) BETWEEN 1 AND 100),
        ADD COLUMN last_used_address text,
        ADD COLUMN last_used_user_agent text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Without the column, these keys would reach everything.
    await runner.query(
      `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE project_ids IS NOT NULL`,
    );
    await runner.query(`
      ALTER TABLE api_keys DROP COLUMN project_ids, DROP COLUMN last_used_address, DROP COLUMN last_used_user_agent`);
  }
}
