import { type DeploymentFailure, systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { lockEnvironment } from '../../environments/lock-environment.js';
import { failFirstDeployment } from '../../environments/transitions/move-environments.js';
import { moveDeployments } from './move-deployments.js';

/** A deployment that waits for a build. */
export interface QueuedBuild {
  readonly deploymentId: string;
  readonly environmentId: string;
}

/** Fails a queued deployment without a build; false when it is no longer queued. */
export async function refuseBuild(
  transaction: Transaction,
  { deploymentId, environmentId }: QueuedBuild,
  { code, message }: DeploymentFailure,
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  const cause = systemCause(code);
  const moved = await moveDeployments(transaction, 'failed', {
    from: ['queued'],
    where: 'deployment.id = :deploymentId',
    set: 'failure_code = :code, failure_message = :message',
    parameters: { deploymentId, code, message },
    cause,
  });
  if (moved.length === 0) return false;
  await failFirstDeployment(transaction, environmentId, cause);
  return true;
}
