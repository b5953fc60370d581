import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds rollbacks to earlier versions, whose images may be removed, and the expiry of environments without pushes. */
export class RollbackAndExpiry1764223200000 implements MigrationInterface {
  name = 'RollbackAndExpiry1764223200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE deployments
     DROP CONSTRAINT deployments_trigger_check,
     ADD CONSTRAINT deployments_trigger_check CHECK (trigger IN ('push', 'rebuild', 'api', 'rollback')),
     ADD COLUMN image_removed_at timestamptz,
     ADD CHECK (image_removed_at IS NULL OR image_id IS NOT NULL)`,
  // So far all images except those of the live and the previous version were removed without a record.
  `UPDATE deployments SET image_removed_at = now()
   WHERE image_id IS NOT NULL AND image_node_id IS NOT NULL
     AND (environment_id IN (SELECT id FROM environments WHERE status = 'destroyed')
       OR (status NOT IN ('deploying', 'live')
         AND id NOT IN (SELECT DISTINCT ON (environment_id) id FROM deployments WHERE status = 'replaced'
                        ORDER BY environment_id, finished_at DESC)))`,
  `ALTER TABLE projects
     ADD COLUMN expires_after_days integer CHECK (expires_after_days BETWEEN 1 AND 365)`,
  `CREATE INDEX projects_expiring_idx ON projects (id) WHERE expires_after_days IS NOT NULL`,
];

const DOWN = [
  `DROP INDEX projects_expiring_idx`,
  `ALTER TABLE projects DROP COLUMN expires_after_days`,
  `ALTER TABLE deployments DROP COLUMN image_removed_at, DROP CONSTRAINT deployments_trigger_check`,
  `UPDATE deployments SET trigger = 'api' WHERE trigger = 'rollback'`,
  `ALTER TABLE deployments
     ADD CONSTRAINT deployments_trigger_check CHECK (trigger IN ('push', 'rebuild', 'api'))`,
];
