import { affected, type Transaction } from '@nexos/database';
import { type ServiceKind, type StorageLevel, systemCause } from '@nexos/domain';
import { recordEvent } from '../events/record-event.js';

/** A change of how much of its expected storage a service of an environment uses. */
export interface StorageLevelChange {
  readonly environmentId: string;
  readonly kind: ServiceKind;
  readonly from: StorageLevel;
  readonly to: StorageLevel;
  readonly usedMb: number;
  /** Null when the live version no longer names one. */
  readonly limitMb: number | null;
}

/**
 * Records the level with an event.
 *
 * @returns false when another worker changed it first, or the environment no longer has the service
 */
export async function recordStorageLevel(
  transaction: Transaction,
  { environmentId, kind, from, to, usedMb, limitMb }: StorageLevelChange,
): Promise<boolean> {
  // Events lock their environment. Everyone locks it before its parts, so that nobody deadlocks.
  await transaction.manager.query('SELECT 1 FROM environments WHERE id = $1 FOR KEY SHARE', [environmentId]);
  const isRecorded = affected(
    await transaction.manager.query(
      `UPDATE environment_services SET storage_level = $4
       WHERE environment_id = $1 AND kind = $2 AND storage_level = $3`,
      [environmentId, kind, from, to],
    ),
  );
  if (!isRecorded) return false;
  await recordEvent(transaction, {
    of: 'environment',
    type: 'storage',
    subjectId: environmentId,
    data: { from, to, service: kind, used_mb: usedMb, storage_mb: limitMb },
    cause: systemCause(),
  });
  return true;
}
