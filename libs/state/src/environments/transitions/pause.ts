import { systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { beginHealth } from '../../health/transitions.js';
import type { HeldEnvironment } from '../held-environment.js';
import { lockEnvironment } from '../lock-environment.js';
import { moveEnvironments, NO_FAILURE } from './move-environments.js';

const HELD = 'environment.id = :environmentId AND environment.lease_epoch = :epoch';

/**
 * Records that the containers of an environment are being stopped, unless it is paused already.
 *
 * @returns whether it should still be paused and the worker still holds the lease; the caller then removes its route
 */
export async function recordPausing(
  transaction: Transaction,
  { environmentId, epoch }: HeldEnvironment,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  await moveEnvironments(transaction, 'pausing', {
    from: ['running', 'resuming', 'failed'],
    where: `${HELD} AND environment.desired_state = 'paused'`,
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
  const rows = await transaction.manager.query<unknown[]>(
    `SELECT 1 FROM environments
     WHERE id = $1 AND lease_epoch = $2 AND desired_state = 'paused' AND status IN ('pausing', 'paused')`,
    [environmentId, epoch],
  );
  return rows.length > 0;
}

/** Records that an environment is paused, if that is still desired. Its last container must have stopped. */
export async function recordPaused(
  transaction: Transaction,
  { environmentId, epoch }: HeldEnvironment,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  return moveEnvironments(transaction, 'paused', {
    from: ['pausing', 'failed'],
    where: `${HELD} AND environment.desired_state = 'paused'`,
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
}

/**
 * Records that a container of a paused environment is about to start. Its last one must have stopped.
 *
 * @returns whether it should still run and the worker still holds the lease
 */
export async function recordResuming(
  transaction: Transaction,
  { environmentId, epoch }: HeldEnvironment,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  return moveEnvironments(transaction, 'resuming', {
    orAlready: true,
    where: `${HELD} AND environment.desired_state = 'running'`,
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
}

/**
 * Records that an environment runs again, if that is still desired; the caller sets its route. Also for one whose
 * container somebody else removed while it was running.
 */
export async function recordResumed(
  transaction: Transaction,
  { environmentId, epoch }: HeldEnvironment,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  const isResumed = await moveEnvironments(transaction, 'running', {
    from: ['resuming', 'failed'],
    orAlready: true,
    where: `${HELD} AND environment.desired_state = 'running'`,
    set: `resumed_at = now(), ${NO_FAILURE}`,
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
  if (isResumed) await beginHealth(transaction, environmentId, 'been resumed');
  return isResumed;
}
