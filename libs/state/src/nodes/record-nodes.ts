import { newId } from '@nexos/domain';
import { type NodeEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** A machine of the Swarm as it was just seen. */
export type SeenNode = Omit<NodeEntity, 'id' | 'removalRequestedAt' | 'removedAt' | 'seenAt'>;

/** A machine that is to be taken out of the Swarm. */
export interface LeavingNode {
  readonly swarmId: string;
  /**
   * Versions that are live, or about to be, could not be started on another one: no registry has their images. One that
   * is down takes nothing from them.
   */
  readonly hasOnlyImages: boolean;
}

/**
 * Writes down which machines there are. One that is not among them any more is gone. Rows are written in one order, so
 * that several workers do not wait for each other in a circle.
 */
export async function recordNodes(manager: EntityManager, nodes: readonly SeenNode[]): Promise<void> {
  const sorted = [...nodes].sort((a, b) => (a.swarmId < b.swarmId ? -1 : 1));
  await manager.query(
    `INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb, engine_version,
       is_leader, joined_at)
     SELECT id, "swarmId", hostname, role, state, availability, address, cpus, "memoryMb", "engineVersion",
       "isLeader", "joinedAt"
     FROM jsonb_to_recordset($1) AS node (id text, "swarmId" text, hostname text, role text, state text,
       availability text, address text, cpus real, "memoryMb" integer, "engineVersion" text, "isLeader" boolean,
       "joinedAt" timestamptz)
     ON CONFLICT (swarm_id) DO UPDATE SET hostname = excluded.hostname, role = excluded.role,
       state = excluded.state, availability = excluded.availability, address = excluded.address,
       cpus = excluded.cpus, memory_mb = excluded.memory_mb, engine_version = excluded.engine_version,
       is_leader = excluded.is_leader, seen_at = now(), removed_at = NULL`,
    [JSON.stringify(sorted.map((node) => ({ ...node, id: newId('node') })))],
  );
  await manager.query(
    `UPDATE nodes SET removed_at = now() WHERE removed_at IS NULL AND swarm_id <> ALL ($1)`,
    [nodes.map(({ swarmId }) => swarmId)],
  );
}

/** The workers that are to be taken out. */
export async function findLeavingNodes(manager: EntityManager): Promise<LeavingNode[]> {
  return manager.query<LeavingNode[]>(
    `SELECT swarm_id AS "swarmId", state <> 'down' AND EXISTS (
       SELECT 1 FROM environments JOIN deployments
         ON deployments.id IN (environments.live_deployment_id, environments.desired_deployment_id)
       WHERE environments.status <> 'destroyed' AND deployments.image_node_id = nodes.swarm_id
     ) AS "hasOnlyImages"
     FROM nodes WHERE removal_requested_at IS NOT NULL AND removed_at IS NULL AND role = 'worker'`,
  );
}
