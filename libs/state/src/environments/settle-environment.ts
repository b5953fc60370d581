import { affected, type Transaction } from '@nexos/database';
import { finishProjectDeletion, lockProjectOf } from '../projects/delete-project.js';
import { releaseHostname } from './allocate-hostname.js';

interface Seen {
  readonly environmentId: string;
  readonly epoch: string;
  /** The generation that the worker brought about. */
  readonly generation: string;
}

/**
 * Records that an environment is as it is wanted. False when something else is wanted by now, or the lease is
 * lost: then there is more to do, by this worker or by another.
 */
export async function settleEnvironment({ manager }: Transaction, seen: Seen): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET observed_generation = generation, error_code = NULL, error_message = NULL,
         error_at = NULL, error_count = 0
       WHERE id = $1 AND lease_epoch = $2 AND generation = $3`,
      [seen.environmentId, seen.epoch, seen.generation],
    ),
  );
}

/**
 * Records that nothing of an environment is left, and gives up its host name. When it was the last one of a project
 * that is being deleted, the project goes with it.
 */
export async function recordDestroyed({ manager }: Transaction, seen: Seen): Promise<boolean> {
  const projectId = await lockProjectOf(manager, seen.environmentId);
  const moved = affected(
    await manager.query(
      `UPDATE environments SET status = 'destroyed', destroyed_at = now(), observed_generation = generation,
         live_deployment_id = NULL, error_code = NULL, error_message = NULL, error_at = NULL, error_count = 0
       WHERE id = $1 AND lease_epoch = $2 AND status = 'destroying'`,
      [seen.environmentId, seen.epoch],
    ),
  );
  if (!moved) return false;
  await manager.query(
    `UPDATE deployments SET status = 'replaced', finished_at = now() WHERE environment_id = $1 AND status = 'live'`,
    [seen.environmentId],
  );
  await releaseHostname(manager, seen.environmentId);
  await finishProjectDeletion(manager, projectId);
  return true;
}
