import { systemCause } from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';
import { recordEvent } from '../events/record-event.js';
import { forgetBackup } from '../services/forget-backup.js';
import type { HeldEnvironment } from './held-environment.js';

/**
 * Records that an environment is reconciled. Returns false when something else was requested meanwhile or the lease
 * was lost: then this worker or another has more to do.
 *
 * @param seen the environment, with the generation that the worker reconciled
 */
export async function settleEnvironment(
  { manager }: Transaction,
  seen: HeldEnvironment & { readonly generation: string },
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
 * Records that a new database generation is in place; the backup restored for it, if any, no longer exists.
 */
export async function recordReset(
  transaction: Transaction,
  held: HeldEnvironment & { readonly databaseGeneration: number; readonly restoredGeneration: number | null },
): Promise<boolean> {
  const { manager } = transaction;
  const isRecorded = affected(
    await manager.query(
      `UPDATE environments SET observed_database_generation = $3, restored_generation = NULL,
         is_new = restored_generation IS NULL, seed_due = restored_generation IS NULL, hooks_due = true
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
    cause: systemCause(),
  });
  return true;
}
