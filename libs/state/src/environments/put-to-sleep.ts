import { affected, type Transaction } from '@nexos/database';
import { systemCause } from '@nexos/domain';
import { BUSY, type IdleCandidate, UNFINISHED } from './idle-environments.repository.js';
import { lockEnvironment } from './lock-environment.js';
import { recordRequest } from './record-request.js';

/**
 * Requests that an environment sleep, if nothing was requested of it since it was read.
 *
 * @returns false when something was: a pause, a push, or sleep by another process
 */
export async function putToSleep(
  transaction: Transaction,
  { id, generation }: Pick<IdleCandidate, 'id' | 'generation'>,
): Promise<boolean> {
  // The statement after the lock sees pushes committed before it.
  await lockEnvironment(transaction.manager, id);
  const asked = affected(
    await transaction.manager.query(
      `UPDATE environments environment SET desired_state = 'paused', asleep = true, generation = generation + 1
       WHERE id = $1 AND generation = $2 AND observed_generation = generation AND status = 'running'
         AND desired_state = 'running' AND NOT ${UNFINISHED} AND NOT ${BUSY}`,
      [id, generation],
    ),
  );
  if (asked) {
    await recordRequest(transaction, id, 'sleep', systemCause('idle'));
    const payload = { environmentId: id };
    transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload });
  }
  return asked;
}
