import { type DeploymentFailure, environmentStatusesBefore } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { failFirstDeployment } from './finish-build.js';
import { moveDeployment } from './move-deployment.js';

interface Rollout {
  readonly deploymentId: string;
  readonly environmentId: string;
  /** The epoch of the lease that the worker holds; a worker that lost it changes nothing. */
  readonly epoch: string;
}

/**
 * Makes a deployment the live one, and the one before it replaced. The caller sets the route before the
 * transaction commits; if it dies in between, whoever comes next rolls the same deployment out again.
 *
 * @param drainMs how long the replaced version keeps its open connections
 * @returns false when the deployment, or the lease, is no longer this worker's
 */
export async function finishRollout(
  transaction: Transaction,
  rollout: Rollout,
  drainMs: number,
): Promise<boolean> {
  const { manager } = transaction;
  if (!(await holdsLease(transaction, rollout))) return false;
  const moved = await moveDeployment(manager, rollout.deploymentId, 'live', { liveAt: () => 'now()' });
  if (!moved) return false;
  await manager.query(
    `UPDATE deployments SET status = 'replaced', finished_at = now(),
       drain_until = now() + make_interval(secs => $3 / 1000.0)
     WHERE environment_id = $1 AND id <> $2 AND status = 'live'`,
    [rollout.environmentId, rollout.deploymentId, drainMs],
  );
  await manager.query(
    `UPDATE environments SET live_deployment_id = $2,
       resumed_at = CASE WHEN status = 'paused' AND desired_state = 'running' THEN now() ELSE resumed_at END,
       status = CASE WHEN status = ANY($3) AND desired_state = 'running' THEN 'running' ELSE status END
     WHERE id = $1`,
    [rollout.environmentId, rollout.deploymentId, environmentStatusesBefore('running')],
  );
  return true;
}

/** Ends a rollout as failed; the version that is live stays what is wanted. */
export async function failRollout(
  transaction: Transaction,
  rollout: Rollout,
  failure: DeploymentFailure,
): Promise<boolean> {
  const { manager } = transaction;
  if (!(await holdsLease(transaction, rollout))) return false;
  const moved = await moveDeployment(manager, rollout.deploymentId, 'failed', {
    failureCode: failure.code,
    failureMessage: failure.message,
    finishedAt: () => 'now()',
  });
  if (!moved) return false;
  await manager.query(
    `UPDATE environments SET desired_deployment_id = live_deployment_id
     WHERE id = $1 AND desired_deployment_id = $2`,
    [rollout.environmentId, rollout.deploymentId],
  );
  await failFirstDeployment(transaction, rollout.environmentId);
  return true;
}

async function holdsLease({ manager }: Transaction, rollout: Rollout): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM environments WHERE id = $1 AND lease_epoch = $2 AND lease_until > now() FOR UPDATE`,
    [rollout.environmentId, rollout.epoch],
  );
  return rows.length > 0;
}
