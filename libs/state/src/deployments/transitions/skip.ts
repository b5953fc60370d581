import { type SkipReason, systemCause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { lockDeliveriesOf, skipOutcomes } from '../../deliveries/settle-outcomes.js';
import { lockEnvironment } from '../../environments/lock-environment.js';
import { type LiveCommit, liveCommitBefore } from '../live-commit.js';
import type { HeldBuild } from './build.js';
import { moveDeployments } from './move-deployments.js';
import { enqueueNextBuild } from './queue.js';

/**
 * Cancels a build that is not wanted. Its deliveries become `skipped`.
 *
 * @param live what the build was compared with; null if with nothing
 * @returns false when this builder no longer holds the build, or it must be compared again
 */
export async function skipBuild(
  transaction: Transaction,
  { deploymentId, environmentId, attempt }: HeldBuild,
  live: LiveCommit | null,
  reason: SkipReason,
): Promise<boolean> {
  await lockDeliveriesOf(transaction, deploymentId);
  await lockEnvironment(transaction.manager, environmentId);
  if (live !== null) {
    const current = await liveCommitBefore(transaction.manager, deploymentId);
    if (current?.deploymentId !== live.deploymentId) return false;
  }
  const moved = await moveDeployments(transaction, 'cancelled', {
    from: ['building'],
    where: 'deployment.id = :deploymentId AND deployment.attempt = :attempt',
    set: 'skip_reason = :reason',
    parameters: { deploymentId, attempt, reason },
    byBuilder: true,
    cause: systemCause(reason),
  });
  if (moved.length === 0) return false;
  await skipOutcomes(transaction, deploymentId, reason);
  await enqueueNextBuild(transaction, environmentId);
  return true;
}
