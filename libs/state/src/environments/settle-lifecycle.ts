import { affected, type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { forgetBackup } from '../services/database-backups.js';
import type { Held } from './held.js';

/** Records that an environment is paused, if that is still wanted; the caller takes its route away with it. */
export async function recordPaused({ manager }: Transaction, held: Held): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET status = 'paused'
       WHERE id = $1 AND lease_epoch = $2 AND status IN ('running', 'paused') AND desired_state = 'paused'`,
      [held.environmentId, held.epoch],
    ),
  );
}

/** Records that an environment runs again, if that is still wanted; the caller sets its route with it. */
export async function recordResumed({ manager }: Transaction, held: Held): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET status = 'running', resumed_at = now()
       WHERE id = $1 AND lease_epoch = $2 AND status = 'paused' AND desired_state = 'running'`,
      [held.environmentId, held.epoch],
    ),
  );
}

/**
 * Records which database generation has been brought about; the one that was brought back for it is put aside no more.
 */
export async function recordReset(
  { manager }: Transaction,
  held: Held & { readonly databaseGeneration: number; readonly restoredGeneration: number | null },
): Promise<boolean> {
  const isRecorded = affected(
    await manager.query(
      `UPDATE environments SET observed_database_generation = $3, restored_generation = NULL,
         is_new = restored_generation IS NULL, hooks_due = true
       WHERE id = $1 AND lease_epoch = $2 AND observed_database_generation < $3`,
      [held.environmentId, held.epoch, held.databaseGeneration],
    ),
  );
  if (isRecorded && held.restoredGeneration !== null) {
    await forgetBackup(manager, held.environmentId, held.restoredGeneration);
  }
  return isRecorded;
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
