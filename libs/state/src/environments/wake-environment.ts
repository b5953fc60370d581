import { bySystem } from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';
import { recordRequest } from './record-request.js';

/**
 * Asks for an environment that sleeps to be resumed, because of a request. However many ask at once, one of them does.
 *
 * @returns false when it does not sleep (any more); one that somebody asked to be paused stays paused
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
    await recordRequest(transaction, environmentId, 'wake', bySystem('visited'));
    transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  }
  return woken;
}
