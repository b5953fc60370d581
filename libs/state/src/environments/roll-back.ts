import {
  type DeploymentStatus,
  type EnvironmentStatus,
  checkRollback,
  type RollbackTarget,
} from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { queueRollback } from '../deployments/transitions/queue.js';
import { lockAccountOf } from '../quota/account-lock.js';
import { excessOfDeployment, throwIf } from '../quota/admission.js';
import type { ActionOutcome } from './act-on-environment.js';
import { lockEnvironment } from './lock-environment.js';

interface Row {
  readonly status: EnvironmentStatus;
  readonly liveId: string | null;
  readonly liveImageId: string | null;
  readonly isRollbackUnderWay: boolean;
  readonly latestImageId: string | null;
}

interface TargetRow extends RollbackTarget {
  readonly id: string;
  readonly status: DeploymentStatus;
}

const TARGET = `
  SELECT id, status, image_id AS "imageId",
    image_removed_at IS NOT NULL OR EXISTS (
      SELECT 1 FROM nodes WHERE swarm_id = image_node_id
        AND (removal_requested_at IS NOT NULL OR removed_at IS NOT NULL)) AS "isImageGone"
  FROM deployments WHERE environment_id = $1`;

/**
 * Rolls back to an earlier version: queues a new deployment of its image, without a build. It supersedes
 * the environment's unfinished deployments at once. The environment stays locked until the transaction ends. Images are evicted under the same lock, so the image still exists.
 *
 * @param deploymentId one of the environment's deployments; null for the one that was live last
 * @param actor who requests the rollback
 * @throws {QuotaExceededError} when that version needs more than the account may use
 */
export async function rollBack(
  transaction: Transaction,
  environmentId: string,
  deploymentId: string | null,
  actor: string,
): Promise<ActionOutcome> {
  const { manager } = transaction;
  const account = await lockAccountOf(manager, environmentId);
  await lockEnvironment(manager, environmentId);
  const row = await readRow(manager, environmentId);
  const target =
    deploymentId === null
      ? await lastReplaced(manager, environmentId, row.liveImageId)
      : await findTarget(manager, environmentId, deploymentId);
  const verdict = checkRollback({
    status: row.status,
    live: row.liveId === null ? null : { imageId: row.liveImageId },
    inProgress: row.isRollbackUnderWay ? { imageId: row.latestImageId } : null,
    target,
  });
  if (verdict.kind === 'refuse') return { refused: verdict.reason };
  if (verdict.kind === 'do' && target !== null) {
    const deploymentId = await queueRollback(transaction, environmentId, target.id, actor);
    throwIf(await excessOfDeployment(manager, account, { deploymentId, isFirst: false }));
  }
  return { refused: null };
}

async function readRow(manager: EntityManager, environmentId: string): Promise<Row> {
  const [row] = await manager.query<Row[]>(
    `SELECT environment.status, live.id AS "liveId", live.image_id AS "liveImageId",
       coalesce(latest.trigger = 'rollback' AND latest.status = 'deploying', false) AS "isRollbackUnderWay",
       latest.image_id AS "latestImageId"
     FROM environments environment
     LEFT JOIN deployments live ON live.id = environment.live_deployment_id
     LEFT JOIN deployments latest ON latest.id = environment.latest_deployment_id
     WHERE environment.id = $1`,
    [environmentId],
  );
  if (row === undefined) throw new Error(`environment ${environmentId} does not exist`);
  return row;
}

async function findTarget(
  manager: EntityManager,
  environmentId: string,
  deploymentId: string,
): Promise<TargetRow> {
  const [row] = await manager.query<TargetRow[]>(`${TARGET} AND id = $2`, [environmentId, deploymentId]);
  if (row === undefined) throw new Error(`${environmentId} has no deployment ${deploymentId}`);
  return row;
}

/** Finds the last replaced deployment with another image than the live one, preferring one whose image still exists. */
async function lastReplaced(
  manager: EntityManager,
  environmentId: string,
  liveImageId: string | null,
): Promise<TargetRow | null> {
  const [row] = await manager.query<TargetRow[]>(
    `${TARGET} AND status = 'replaced' AND image_id IS DISTINCT FROM $2
     ORDER BY "isImageGone", finished_at DESC, id DESC LIMIT 1`,
    [environmentId, liveImageId],
  );
  return row ?? null;
}
