import {
  type DeploymentStatus,
  type EnvironmentStatus,
  judgeRollback,
  newId,
  type RollbackTarget,
} from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { moveDeployment } from '../deployments/move-deployment.js';
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
      SELECT 1 FROM nodes WHERE swarm_id = image_node_id AND removed_at IS NOT NULL) AS "isImageGone"
  FROM deployments WHERE environment_id = $1`;

/**
 * Puts an earlier version back: its image becomes another deployment, which is rolled out without a build. Latest wins:
 * what the environment has waiting, is building or is rolling out is superseded at once. The environment stays locked
 * until the transaction ends, and images are given up under the same lock, so that the image is still there.
 *
 * @param deploymentId one of the environment's deployments; null: the one that was live last
 */
export async function rollBack(
  transaction: Transaction,
  environmentId: string,
  deploymentId: string | null,
): Promise<ActionOutcome> {
  const { manager } = transaction;
  await lockEnvironment(manager, environmentId);
  const row = await look(manager, environmentId);
  const target =
    deploymentId === null
      ? await lastReplaced(manager, environmentId, row.liveImageId)
      : await named(manager, environmentId, deploymentId);
  const verdict = judgeRollback({
    status: row.status,
    live: row.liveId === null ? null : { imageId: row.liveImageId },
    underWay: row.isRollbackUnderWay ? { imageId: row.latestImageId } : null,
    target,
  });
  if (verdict.kind === 'refuse') return { refused: verdict.because };
  if (verdict.kind === 'do' && target !== null) await putBack(transaction, environmentId, target.id);
  return { refused: null };
}

async function look(manager: EntityManager, environmentId: string): Promise<Row> {
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
  if (row === undefined) throw new Error(`there is no environment ${environmentId}`);
  return row;
}

async function named(
  manager: EntityManager,
  environmentId: string,
  deploymentId: string,
): Promise<TargetRow> {
  const [row] = await manager.query<TargetRow[]>(`${TARGET} AND id = $2`, [environmentId, deploymentId]);
  if (row === undefined) throw new Error(`${environmentId} has no deployment ${deploymentId}`);
  return row;
}

/** Of another image than the live one; one whose image is gone only where no other is left. */
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

async function putBack(transaction: Transaction, environmentId: string, targetId: string): Promise<void> {
  const { manager } = transaction;
  const id = newId('deployment');
  await manager.query(
    `UPDATE deployments SET status = 'superseded', finished_at = now(), lease_until = NULL
     WHERE environment_id = $1 AND status IN ('queued', 'building', 'deploying')`,
    [environmentId],
  );
  await manager.query(
    `INSERT INTO deployments (id, project_id, environment_id, trigger, status, branch, commit_sha, commit_message,
       commit_author, image_id, seed_image_id, image_node_id, spec)
     SELECT $1, project_id, environment_id, 'rollback', 'queued', branch, commit_sha, commit_message,
       commit_author, image_id, seed_image_id, image_node_id, spec
     FROM deployments WHERE id = $2`,
    [id, targetId],
  );
  await moveDeployment(manager, id, 'deploying', {}, { from: ['queued'] });
  await manager.query(
    `UPDATE environments SET desired_deployment_id = $2, latest_deployment_id = $2, generation = generation + 1
     WHERE id = $1`,
    [environmentId, id],
  );
  transaction.enqueue({ queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } });
}
