import { type Cause, type DeploymentStatus } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { lockEnvironment } from '../../environments/lock-environment.js';
import { failFirstDeployment } from '../../environments/transitions/move-environments.js';
import { moveDeployments } from './move-deployments.js';
import { enqueueNextBuild } from './queue.js';

/**
 * Cancels an unfinished deployment. Its builder notices within a second; the lifecycle worker abandons its rollout,
 * and the live version stays live.
 *
 * @param from the statuses in which it is cancelled; by default all unfinished ones
 * @returns the deployment's status: other than `cancelled` when it had already ended
 */
export async function cancelDeployment(
  transaction: Transaction,
  deploymentId: string,
  environmentId: string,
  cause: Cause,
  from?: readonly DeploymentStatus[],
): Promise<DeploymentStatus> {
  const { manager } = transaction;
  await lockEnvironment(manager, environmentId);
  const [isCancelled] = await moveDeployments(transaction, 'cancelled', {
    ...(from !== undefined && { from }),
    where: 'deployment.id = :deploymentId',
    parameters: { deploymentId },
    cause,
  });
  if (isCancelled === undefined) return statusOf(transaction, deploymentId);
  await manager.query(
    `UPDATE environments SET desired_deployment_id = live_deployment_id, generation = generation + 1
     WHERE id = $1 AND desired_deployment_id = $2`,
    [environmentId, deploymentId],
  );
  await failFirstDeployment(transaction, environmentId, cause);
  await enqueueNextBuild(transaction, environmentId);
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  return 'cancelled';
}

/** Cancels the queued deployments of a project. */
export async function cancelQueued(transaction: Transaction, projectId: string, cause: Cause): Promise<void> {
  const rows = await transaction.manager.query<{ id: string; environment_id: string }[]>(
    `SELECT id, environment_id FROM deployments WHERE project_id = $1 AND status = 'queued' ORDER BY environment_id`,
    [projectId],
  );
  for (const { id, environment_id } of rows) await cancelDeployment(transaction, id, environment_id, cause);
}

async function statusOf({ manager }: Transaction, deploymentId: string): Promise<DeploymentStatus> {
  const [row] = await manager.query<{ status: DeploymentStatus }[]>(
    'SELECT status FROM deployments WHERE id = $1',
    [deploymentId],
  );
  if (row === undefined) throw new Error(`deployment ${deploymentId} does not exist`);
  return row.status;
}
