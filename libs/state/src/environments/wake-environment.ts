import { type EnvironmentStatus, isActive, systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { lockAccountOf } from '../quota/account-lock.js';
import { assertUsage } from '../quota/admission.js';
import { recordRequest } from './record-request.js';

/**
 * Requests that a sleeping environment resume because of a visit. Of several concurrent callers, one succeeds.
 *
 * Reserves again what it released when it fell asleep.
 *
 * @returns false when it does not sleep, or no longer; an environment paused by a user stays paused
 * @throws {QuotaExceededError} when the account has no room for it now
 */
export async function wakeEnvironment(transaction: Transaction, environmentId: string): Promise<boolean> {
  const { manager } = transaction;
  const account = await lockAccountOf(manager, environmentId);
  const [[woken]] = await manager.query<[{ status: EnvironmentStatus }[], number]>(
    `UPDATE environments SET desired_state = 'running', asleep = false, last_request_at = now(),
       generation = generation + 1
     WHERE id = $1 AND desired_state = 'paused' AND asleep RETURNING status`,
    [environmentId],
  );
  if (woken === undefined) return false;
  const wasActive = isActive({ ...woken, desiredState: 'paused' });
  if (!wasActive) await assertUsage(manager, account, { environmentId });
  await recordRequest(transaction, environmentId, 'wake', systemCause('visited'));
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  return true;
}
