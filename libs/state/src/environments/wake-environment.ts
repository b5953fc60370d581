import { systemCause } from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';
import { recordRequest } from './record-request.js';

/**
 * Requests that a sleeping environment resume because of a visit. Of several concurrent callers, one succeeds.
 *
 * @returns false when it does not sleep, or no longer; an environment paused by a user stays paused
 */
export async function wakeEnvironment(transaction: Transaction, environmentId: string): Promise<boolean> {
  const woken = affected(
    await transaction.manager.query(
      `UPDATE environments SET desired_state = 'running', asleep = false, last_request_at = now(),
         generation = generation + 1
       WHERE id = $1 AND desired_state = 'paused' AND asleep`,
      [environmentId],
    ),
  );
  if (woken) {
    await recordRequest(transaction, environmentId, 'wake', systemCause('visited'));
    transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  }
  return woken;
}
