import { systemCause, type DeploymentFailure } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { failFirstDeployment, recordLive } from '../../environments/transitions/move-environments.js';
import { moveDeployments } from './move-deployments.js';

interface HeldRollout {
  readonly deploymentId: string;
  readonly environmentId: string;
  /** The epoch of the worker's lease; a worker that lost its lease changes nothing. */
  readonly epoch: string;
}

/**
 * Marks a deployment as live and its predecessor as replaced. The caller sets the route before the transaction
 * commits; if it dies in between, another worker rolls the same deployment out again.
 *
 * @param drainMs how long the replaced version keeps its open connections
 * @returns false when the worker has lost the deployment or the lease
 */
export async function finishRollout(
  transaction: Transaction,
  rollout: HeldRollout,
  drainMs: number,
): Promise<boolean> {
  const { deploymentId, environmentId } = rollout;
  if (!(await holdsLease(transaction, rollout))) return false;
  const moved = await moveDeployments(transaction, 'live', {
    where: 'deployment.id = :deploymentId',
    parameters: { deploymentId },
    cause: systemCause(),
  });
  if (moved.length === 0) return false;
  await moveDeployments(transaction, 'replaced', {
    where: 'deployment.environment_id = :environmentId AND deployment.id <> :deploymentId',
    set: 'drain_until = now() + make_interval(secs => :drainMs / 1000.0)',
    parameters: { environmentId, deploymentId, drainMs },
    cause: systemCause('newer_deployment'),
    data: { by: deploymentId },
  });
  await recordLive(transaction, environmentId, deploymentId);
  return true;
}

/** Marks a rollout as failed; the live version becomes the desired one again. */
export async function failRollout(
  transaction: Transaction,
  rollout: HeldRollout,
  { code, message }: DeploymentFailure,
): Promise<boolean> {
  const { deploymentId, environmentId } = rollout;
  if (!(await holdsLease(transaction, rollout))) return false;
  const cause = systemCause(code);
  const moved = await moveDeployments(transaction, 'failed', {
    where: 'deployment.id = :deploymentId',
    set: 'failure_code = :code, failure_message = :message',
    parameters: { deploymentId, code, message },
    cause,
  });
  if (moved.length === 0) return false;
  await transaction.manager.query(
    `UPDATE environments SET desired_deployment_id = live_deployment_id
     WHERE id = $1 AND desired_deployment_id = $2`,
    [environmentId, deploymentId],
  );
  await failFirstDeployment(transaction, environmentId, cause);
  return true;
}

/** Returns whether the worker still holds the lease; locks the environment. */
async function holdsLease({ manager }: Transaction, rollout: HeldRollout): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM environments WHERE id = $1 AND lease_epoch = $2 AND lease_until > now() FOR UPDATE`,
    [rollout.environmentId, rollout.epoch],
  );
  return rows.length > 0;
}
