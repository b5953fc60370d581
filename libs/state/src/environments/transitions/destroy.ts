import { systemCause, type Cause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { moveDeployments } from '../../deployments/transitions/move-deployments.js';
import { finishProjectDeletion, lockProjectOf } from '../../projects/transitions.js';
import { releaseHostnames } from '../allocate-hostname.js';
import type { HeldEnvironment } from '../held-environment.js';
import { lockEnvironment } from '../lock-environment.js';
import { moveEnvironments, NO_FAILURE } from './move-environments.js';

/**
 * Requests the destruction of an environment, and cancels its unfinished deployments.
 *
 * @returns false when it is already being destroyed, or was destroyed
 */
export async function destroyEnvironment(
  transaction: Transaction,
  environmentId: string,
  cause: Cause,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  const isMoved = await moveEnvironments(transaction, 'destroying', {
    where: 'environment.id = :environmentId',
    set: `desired_state = 'destroyed', generation = environment.generation + 1`,
    parameters: { environmentId },
    cause,
  });
  if (!isMoved) return false;
  await moveDeployments(transaction, 'cancelled', {
    where: 'deployment.environment_id = :environmentId',
    parameters: { environmentId },
    cause: { ...cause, reason: 'environment_destroyed' },
  });
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  return true;
}

/**
 * Records that an environment is destroyed, and releases its host names. If it was the last environment of a project
 * being deleted, deletes the project as well.
 */
export async function recordDestroyed(transaction: Transaction, held: HeldEnvironment): Promise<boolean> {
  const { manager } = transaction;
  const { environmentId, epoch } = held;
  const projectId = await lockProjectOf(manager, environmentId);
  const isMoved = await moveEnvironments(transaction, 'destroyed', {
    where: 'environment.id = :environmentId AND environment.lease_epoch = :epoch',
    set: `destroyed_at = now(), observed_generation = generation, live_deployment_id = NULL, error_code = NULL,
      error_message = NULL, error_at = NULL, error_count = 0, ${NO_FAILURE}`,
    parameters: { environmentId, epoch },
    cause: systemCause(),
  });
  if (!isMoved) return false;
  await moveDeployments(transaction, 'replaced', {
    where: 'deployment.environment_id = :environmentId',
    parameters: { environmentId },
    cause: systemCause('environment_destroyed'),
  });
  await releaseHostnames(manager, environmentId);
  await finishProjectDeletion(manager, projectId);
  return true;
}
