import { systemCause, type DeploymentFailure, MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { DeploymentEntity, type Transaction } from '@nexos/database';
import { beginBuildRun, endBuildRuns } from '../../build-usage/build-runs.js';
import { lockEnvironment, lockEnvironmentOf } from '../../environments/lock-environment.js';
import { destroyEnvironment } from '../../environments/transitions/destroy.js';
import { failFirstDeployment } from '../../environments/transitions/move-environments.js';
import { moveDeployments } from './move-deployments.js';
import { enqueueNextBuild } from './queue.js';

/** A build held by a builder. */
export interface HeldBuild {
  readonly deploymentId: string;
  readonly environmentId: string;
  readonly attempt: number;
}

/** A built image and its location. */
export interface DeployableImage {
  readonly imageId: string;
  /** The images of the containers beside the app, in the order of the settings. */
  readonly containerImageIds: readonly string[];
  /** The image of the dump that seeds a new database; null when there is no dump. */
  readonly seedImageId: string | null;
  /** The image of the stage that runs the hooks; null when the app's image does. */
  readonly hookImageId: string | null;
  /** Null when the image is in a registry, so that any node can run it. */
  readonly nodeId: string | null;
}

/** True for a queued deployment whose environment has just begun another build: a still newer push may follow. */
export const IS_TOO_EARLY = `(
  deployment.queued_at > now() - make_interval(secs => :quietMs / 1000.0)
  AND EXISTS (SELECT 1 FROM deployments other
              WHERE other.environment_id = deployment.environment_id AND other.id <> deployment.id
                AND other.started_at > now() - make_interval(secs => :quietMs / 1000.0)))`;

/**
 * SQL: whether a builder may claim a queued deployment.
 *
 * @param endedId SQL of the id of a running build that counts as ended
 */
export const claimableAfter = (endedId: string) => `(
  deployment.status = 'queued' AND NOT ${IS_TOO_EARLY} AND NOT EXISTS (
    SELECT 1 FROM deployments other
    WHERE other.environment_id = deployment.environment_id AND other.status = 'building'
      AND other.id <> ${endedId}))`;

/** True for a queued deployment that a builder may claim now. */
export const IS_CLAIMABLE = claimableAfter(`''`);

/** True for a build whose builder was lost, and that may begin again. */
export const IS_LOST = `(deployment.status = 'building' AND deployment.lease_until < now()
  AND deployment.attempt - deployment.given_back < ${MAX_BUILD_ATTEMPTS})`;

const HELD = 'deployment.id = :deploymentId AND deployment.attempt = :attempt';

/**
 * Claims a queued build, or one whose lease has expired, and begins its run. Returns null when it cannot be claimed: another builder
 * holds it, it has ended, its environment is building something else, or it is too early.
 *
 * @param quietMs how long an environment that has just begun a build delays the next one, in case a still newer push
 *   follows; a first push does not wait
 */
export async function claimBuild(
  transaction: Transaction,
  deploymentId: string,
  leaseMs: number,
  quietMs: number,
): Promise<DeploymentEntity | null> {
  await lockEnvironmentOf(transaction.manager, 'deployments', deploymentId);
  const [claimed] = await moveDeployments(transaction, 'building', {
    orAlready: true,
    where: `deployment.id = :deploymentId AND CASE deployment.status
      WHEN 'queued' THEN ${IS_CLAIMABLE} ELSE ${IS_LOST} END`,
    set: `attempt = deployment.attempt + 1, lease_until = now() + make_interval(secs => :leaseMs / 1000.0)`,
    parameters: { deploymentId, leaseMs, quietMs },
    cause: systemCause(),
  });
  if (claimed === undefined) return null;
  // Its builder was lost, and could not end its run.
  if (claimed.from === 'building') await endBuildRuns(transaction.manager, [deploymentId]);
  await beginBuildRun(transaction.manager, deploymentId);
  return transaction.manager.findOneByOrFail(DeploymentEntity, { id: deploymentId });
}

/**
 * Hands a built deployment over to the rollout. Supersedes an older one that is still rolling out.
 *
 * @returns false when this builder no longer holds the build
 */
export async function finishBuild(
  transaction: Transaction,
  { deploymentId, environmentId, attempt }: HeldBuild,
  image: DeployableImage,
): Promise<boolean> {
  const { manager } = transaction;
  await lockEnvironment(manager, environmentId);
  const moved = await moveDeployments(transaction, 'deploying', {
    from: ['building'],
    where: HELD,
    set: `image_id = :imageId, container_image_ids = :containerImageIds, seed_image_id = :seedImageId, hook_image_id = :hookImageId,
      image_node_id = :nodeId, built_at = now()`,
    parameters: { deploymentId, attempt, ...image },
    byBuilder: true,
    cause: systemCause(),
  });
  if (moved.length === 0) return false;
  await moveDeployments(transaction, 'superseded', {
    from: ['deploying'],
    where: 'deployment.environment_id = :environmentId AND deployment.id <> :deploymentId',
    parameters: { environmentId, deploymentId },
    cause: systemCause('newer_deployment'),
    data: { by: deploymentId },
  });
  await manager.query(
    `UPDATE environments SET desired_deployment_id = $2, generation = generation + 1 WHERE id = $1`,
    [environmentId, deploymentId],
  );
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  await enqueueNextBuild(transaction, environmentId);
  return true;
}

/**
 * Marks a build as failed. Destroys an environment that was created for a branch that does not exist. Returns false when this builder no longer holds it.
 *
 * @param options.leaseIsOver only if the lease has expired: a builder that came back continues
 */
export async function failBuild(
  transaction: Transaction,
  { deploymentId, environmentId, attempt }: HeldBuild,
  { code, message }: DeploymentFailure,
  options: { leaseIsOver?: boolean } = {},
): Promise<boolean> {
  await lockEnvironment(transaction.manager, environmentId);
  const cause = systemCause(code);
  const moved = await moveDeployments(transaction, 'failed', {
    from: ['building'],
    where: options.leaseIsOver === true ? `${HELD} AND deployment.lease_until < now()` : HELD,
    set: 'failure_code = :code, failure_message = :message',
    parameters: { deploymentId, attempt, code, message },
    byBuilder: options.leaseIsOver !== true,
    cause,
  });
  if (moved.length === 0) return false;
  if (code === 'branch_not_found' && !(await hasBranchExisted(transaction, environmentId, deploymentId))) {
    await destroyEnvironment(transaction, environmentId, cause);
    return true;
  }
  await failFirstDeployment(transaction, environmentId, cause);
  await enqueueNextBuild(transaction, environmentId);
  return true;
}

/**
 * Returns whether another deployment of the environment shows that its branch existed. Requests that were repeated while the
 * Git host was slow show nothing: each took the place of the one before.
 */
async function hasBranchExisted(
  { manager }: Transaction,
  environmentId: string,
  deploymentId: string,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM deployments WHERE environment_id = $1 AND id <> $2
       AND (trigger = 'push' OR built_at IS NOT NULL
         OR NOT (status IN ('superseded', 'cancelled') OR coalesce(failure_code, '') = 'branch_not_found')) LIMIT 1`,
    [environmentId, deploymentId],
  );
  return rows.length > 0;
}
