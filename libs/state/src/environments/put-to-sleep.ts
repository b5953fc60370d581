import { affected, type Transaction } from '@nexos/database';
import { bySystem } from '@nexos/domain';
import { BUSY, type IdleCandidate, UNFINISHED } from './idle-environments.repository.js';
import { lockEnvironment } from './lock-environment.js';
import { recordRequest } from './record-request.js';

/**
 * Asks for an environment to sleep, if nothing has been asked of it since it was looked at.
 *
 * @returns false when something has: a pause, a push, another process that put it to sleep
 */
export async function putToSleep(
  transaction: Transaction,
  { id, generation }: Pick<IdleCandidate, 'id' | 'generation'>,
): Promise<boolean> {
  // What was pushed before the lock was given is seen by the statement after it.
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
    await recordRequest(transaction, id, 'sleep', bySystem('idle'));
    const payload = { environmentId: id };
    transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload });
  }
  return asked;
}
