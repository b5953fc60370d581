import { affected } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** Forgets a generation of an environment's database that is put aside no more; false when it was not known. */
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
