import type { EntityManager } from 'typeorm';

/**
 * Returns whether a node is being or has been removed, and takes no new work. Within a transaction, keeps its removal from being
 * requested until that ends, so that what the transaction places on the node is seen by the check before a removal.
 */
export async function isNodeLeaving(manager: EntityManager, swarmId: string): Promise<boolean> {
  const rows = await manager.query<{ isLeaving: boolean }[]>(
    `SELECT removal_requested_at IS NOT NULL OR removed_at IS NOT NULL AS "isLeaving"
     FROM nodes WHERE swarm_id = $1 FOR SHARE`,
    [swarmId],
  );
  return rows[0]?.isLeaving === true;
}
