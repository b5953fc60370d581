import { type Excess, excessMessage, systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { destroyEnvironment } from '../../environments/transitions/destroy.js';
import { failFirstDeployment } from '../../environments/transitions/move-environments.js';
import { moveDeployments } from './move-deployments.js';

/**
 * Fails a deployment that was just queued and does not fit into the quota. Nobody waits for the answer to a push, so the
 * deployment tells. Destroys an environment that the project may not have. Call it with the environment locked.
 */
export async function failOverQuota(
  transaction: Transaction,
  { deploymentId, environmentId }: { readonly deploymentId: string; readonly environmentId: string },
  excess: Excess,
): Promise<void> {
  const cause = systemCause('quota_exceeded');
  await moveDeployments(transaction, 'failed', {
    from: ['queued'],
    where: 'deployment.id = :deploymentId',
    set: 'failure_code = :code, failure_message = :message',
    parameters: { deploymentId, code: 'quota_exceeded', message: excessMessage(excess) },
    cause,
  });
  if (excess.resource === 'environments_per_project') {
    await destroyEnvironment(transaction, environmentId, cause);
  } else {
    await failFirstDeployment(transaction, environmentId, cause);
  }
}
