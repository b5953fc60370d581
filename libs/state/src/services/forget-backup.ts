import { affected } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** Deletes the record of a backup that no longer exists; returns false when there was no record. */
export async function forgetBackup(
  manager: EntityManager,
  environmentId: string,
  generation: number,
): Promise<boolean> {
  return affected(
    await manager.query('DELETE FROM database_backups WHERE environment_id = $1 AND generation = $2', [
      environmentId,
      generation,
    ]),
  );
}
