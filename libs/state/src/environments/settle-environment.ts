import { bySystem } from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { recordEvent } from '../events/record-event.js';
import { forgetBackup } from '../services/database-backups.js';
import type { Held } from './held.js';

/**
 * Records that an environment is as it is wanted. False when something else is wanted by now, or the lease is
 * lost: then there is more to do, by this worker or by another.
 *
 * @param seen with the generation that the worker brought about
 */
export async function settleEnvironment(
  { manager }: Transaction,
  seen: Held & { readonly generation: string },
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET observed_generation = generation, error_code = NULL, error_message = NULL,
         error_at = NULL, error_count = 0
       WHERE id = $1 AND lease_epoch = $2 AND generation = $3`,
      [seen.environmentId, seen.epoch, seen.generation],
    ),
  );
}

/**
 * Records which database generation has been brought about; the one that was brought back for it is put aside no more.
 */
export async function recordReset(
  transaction: Transaction,
  held: Held & { readonly databaseGeneration: number; readonly restoredGeneration: number | null },
): Promise<boolean> {
  const { manager } = transaction;
  const isRecorded = affected(
    await manager.query(
      `UPDATE environments SET observed_database_generation = $3, restored_generation = NULL,
         is_new = restored_generation IS NULL, hooks_due = true
       WHERE id = $1 AND lease_epoch = $2 AND observed_database_generation < $3`,
      [held.environmentId, held.epoch, held.databaseGeneration],
    ),
  );
  if (!isRecorded) return false;
  const { restoredGeneration } = held;
  if (restoredGeneration !== null) await forgetBackup(manager, held.environmentId, restoredGeneration);
  await recordEvent(transaction, {
    of: 'environment',
    subjectId: held.environmentId,
    type: 'database_reset',
    data: { generation: held.databaseGeneration, restored: restoredGeneration },
    cause: bySystem(),
  });
  return true;
}

/** Whether another database was asked for that is not in its place yet. */
export async function isBeingReset(manager: EntityManager, environmentId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'SELECT 1 FROM environments WHERE id = $1 AND database_generation > observed_database_generation',
    [environmentId],
  );
  return rows.length > 0;
}

/** Whether `on_new` is still to be run in an environment. */
export async function isNewEnvironment(manager: EntityManager, environmentId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>('SELECT 1 FROM environments WHERE id = $1 AND is_new', [
    environmentId,
  ]);
  return rows.length > 0;
}

/** Which of its databases an environment has in its place; 0 when it has none yet. */
export async function findDatabaseGeneration(manager: EntityManager, environmentId: string): Promise<number> {
  const [row] = await manager.query<{ generation: number }[]>(
    `SELECT observed_database_generation AS generation FROM environments
     JOIN environment_services part ON part.environment_id = environments.id
     WHERE environments.id = $1 AND part.kind = 'postgres' AND part.provisioned_at IS NOT NULL`,
    [environmentId],
  );
  return row?.generation ?? 0;
}

/** Records that all of its hooks have run in an environment since its database was made. */
export async function recordInitialised(manager: EntityManager, held: Held): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET is_new = false, hooks_due = false WHERE id = $1 AND lease_epoch = $2`,
      [held.environmentId, held.epoch],
    ),
  );
}

/** Records that the live version's hooks were run for its new database, and one failed: that is not repeated. */
export async function giveUpHooks(manager: EntityManager, held: Held): Promise<boolean> {
  return affected(
    await manager.query(`UPDATE environments SET hooks_due = false WHERE id = $1 AND lease_epoch = $2`, [
      held.environmentId,
      held.epoch,
    ]),
  );
}
