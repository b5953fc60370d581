import { systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { beginHealth } from '../../health/transitions.js';
import type { HeldEnvironment } from '../held-environment.js';
import { lockEnvironment } from '../lock-environment.js';
import { moveEnvironments } from './move-environments.js';

const HELD = 'environment.id = :environmentId AND environment.lease_epoch = :epoch';

/** Records that an environment is paused, if that is still desired; the caller removes its route. */
export async function recordPaused(
  transaction: Transaction,
  { environmentId, epoch }: HeldEnvironment,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  return moveEnvironments(transaction, 'paused', {
    from: ['running'],
    orAlready: true,
    where: `${HELD} AND environment.desired_state = 'paused'`,
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
}

/** Records that an environment runs again, if that is still desired; the caller sets its route. */
export async function recordResumed(
  transaction: Transaction,
  { environmentId, epoch }: HeldEnvironment,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  const isResumed = await moveEnvironments(transaction, 'running', {
    from: ['paused'],
    where: `${HELD} AND environment.desired_state = 'running'`,
    set: 'resumed_at = now()',
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
  if (isResumed) {
    await beginHealth(transaction, environmentId, {
      state: 'starting',
      message: 'The container of the app has just been started.',
    });
  }
  return isResumed;
}
