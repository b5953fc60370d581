import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Nodes: whether a removal may lose data, what still keeps it waiting, and whether the node should take work again.
 * Deployments: how often their service has moved to another node. Services: the memory that they reserve.
 */
export class NodeRemoval1765550000000 implements MigrationInterface {
  name = 'NodeRemoval1765550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE nodes
         ADD COLUMN removal_forced boolean NOT NULL DEFAULT false,
         ADD COLUMN remaining jsonb NOT NULL DEFAULT '[]',
         ADD COLUMN activation_requested_at timestamptz`,
    );
    await runner.query(
      `ALTER TABLE deployments
         ADD COLUMN moves integer NOT NULL DEFAULT 0,
         ADD COLUMN moved_drain_until timestamptz,
         ADD COLUMN move_error text,
         ADD COLUMN move_error_at timestamptz`,
    );
    await runner.query(`ALTER TABLE project_services ADD COLUMN memory_mb integer`);
    await runner.query(
      `CREATE INDEX project_services_node_id_idx ON project_services (node_id) WHERE node_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX deployments_image_node_id_idx ON deployments (image_node_id)
       WHERE image_node_id IS NOT NULL AND image_removed_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX deployments_image_node_id_idx`);
    await runner.query(`DROP INDEX project_services_node_id_idx`);
    await runner.query(`ALTER TABLE project_services DROP COLUMN memory_mb`);
    await runner.query(
      `ALTER TABLE deployments DROP COLUMN moves, DROP COLUMN moved_drain_until, DROP COLUMN move_error,
         DROP COLUMN move_error_at`,
    );
    await runner.query(
      `ALTER TABLE nodes DROP COLUMN removal_forced, DROP COLUMN remaining, DROP COLUMN activation_requested_at`,
    );
  }
}
