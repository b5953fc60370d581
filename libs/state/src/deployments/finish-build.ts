import { affected, type Transaction } from '@nexos/database';
import { type DeploymentFailure } from '@nexos/domain';
import { lockEnvironment } from '../environments/lock-environment.js';
import { moveDeployment } from './move-deployment.js';

/** A build that a builder holds. */
export interface HeldBuild {
  readonly deploymentId: string;
  readonly environmentId: string;
  readonly attempt: number;
}

/** An image that a build made, and where it is. */
export interface DeployableImage {
  readonly imageId: string;
  /** Of the dump that a new database begins with; null: there is none. */
  readonly seedImageId: string | null;
  /** Null where a registry has it and any node can run it. */
  readonly nodeId: string | null;
}

/**
 * Hands a built deployment over to be rolled out. An older one that is still being rolled out is superseded.
 *
 * @returns false when the build is no longer this builder's to finish
 */
export async function finishBuild(
  transaction: Transaction,
  build: HeldBuild,
  image: DeployableImage,
): Promise<boolean> {
  const { manager } = transaction;
  await lockEnvironment(manager, build.environmentId);
  const moved = await moveDeployment(
    manager,
    build.deploymentId,
    'deploying',
    {
      imageId: image.imageId,
      seedImageId: image.seedImageId,
      imageNodeId: image.nodeId,
      builtAt: () => 'now()',
      leaseUntil: null,
    },
    { attempt: build.attempt, from: ['building'] },
  );
  if (!moved) return false;
  await manager.query(
    `UPDATE deployments SET status = 'superseded', finished_at = now()
     WHERE environment_id = $1 AND id <> $2 AND status = 'deploying'`,
    [build.environmentId, build.deploymentId],
  );
  await manager.query(
    `UPDATE environments SET desired_deployment_id = $2, generation = generation + 1 WHERE id = $1`,
    [build.environmentId, build.deploymentId],
  );
  const { environmentId } = build;
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
  await enqueueNextBuild(transaction, environmentId);
  return true;
}

/**
 * Ends a build as failed; false when it is no longer this builder's to end.
 *
 * @param options.leaseIsOver only if its builder has not been heard of: one that came back goes on
 */
export async function failBuild(
  transaction: Transaction,
  build: HeldBuild,
  failure: DeploymentFailure,
  options: { leaseIsOver?: boolean } = {},
): Promise<boolean> {
  await lockEnvironment(transaction.manager, build.environmentId);
  const moved = await moveDeployment(
    transaction.manager,
    build.deploymentId,
    'failed',
    {
      failureCode: failure.code,
      failureMessage: failure.message,
      finishedAt: () => 'now()',
      leaseUntil: null,
    },
    { attempt: build.attempt, from: ['building'], leaseIsOver: options.leaseIsOver ?? false },
  );
  if (!moved) return false;
  await failFirstDeployment(transaction, build.environmentId);
  await enqueueNextBuild(transaction, build.environmentId);
  return true;
}

/**
 * An environment whose first deployment failed has nothing to show; a later one may still succeed. Until then it needs
 * none of what it shares with others.
 */
export async function failFirstDeployment(transaction: Transaction, environmentId: string): Promise<void> {
  const hasFailed = affected(
    await transaction.manager.query(
      `UPDATE environments SET status = 'failed'
       WHERE id = $1 AND status IN ('pending', 'failed') AND live_deployment_id IS NULL`,
      [environmentId],
    ),
  );
  if (!hasFailed) return;
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
}

/** One build at a time per environment: the end of one is when the next can begin. */
export async function enqueueNextBuild(transaction: Transaction, environmentId: string): Promise<void> {
  const rows = await transaction.manager.query<{ id: string }[]>(
    `SELECT id FROM deployments WHERE environment_id = $1 AND status = 'queued'`,
    [environmentId],
  );
  for (const { id } of rows) {
    transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId: id } });
  }
}
