import { newId } from '@nexos/domain';
import type { EntityManager } from 'typeorm';
import type { NodeEntity } from '../entities/node.entity.js';

/** A machine of the Swarm as it was just seen. */
export type SeenNode = Omit<NodeEntity, 'id' | 'removalRequestedAt' | 'removedAt' | 'seenAt'>;

/** Writes down which machines there are. One that is not among them any more is gone. */
export async function recordNodes(manager: EntityManager, nodes: readonly SeenNode[]): Promise<void> {
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
    [JSON.stringify(nodes.map((node) => ({ ...node, id: newId('node') })))],
  );
  await manager.query(
    `UPDATE nodes SET removed_at = now() WHERE removed_at IS NULL AND swarm_id <> ALL ($1)`,
    [nodes.map(({ swarmId }) => swarmId)],
  );
}

/** Swarm's ids of the machines that are to be taken out. */
export async function findLeavingNodes(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ swarm_id: string }[]>(
    `SELECT swarm_id FROM nodes WHERE removal_requested_at IS NOT NULL AND removed_at IS NULL AND role = 'worker'`,
  );
  return rows.map(({ swarm_id }) => swarm_id);
}
