import type { EntityManager } from 'typeorm';

/** Gives a queued deployment the place of one that it supersedes, as if it had waited as long. */
export async function takePlace(manager: EntityManager, newerId: string, olderId: string): Promise<void> {
  await manager.query(
    `UPDATE deployments newer SET waiting_since = least(newer.waiting_since, older.waiting_since)
     FROM deployments older WHERE newer.id = $1 AND older.id = $2`,
    [newerId, olderId],
  );
}
