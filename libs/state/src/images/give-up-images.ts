import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { lockEnvironment } from '../environments/lock-environment.js';

/**
 * Whether the image of a deployment has to stay: that of what is live, of the version before it where `keepPrevious` says
 * so, and of what is on its way. A rollback runs an image that was built for an earlier deployment, so that it is the
 * image that counts. Null, for no, where there is none.
 *
 * @param deployment its name in the statement
 * @param keepPrevious SQL
 */
export function isImageNeeded(deployment: string, keepPrevious: string): string {
  return `(
    ${deployment}.status IN ('queued', 'building', 'deploying', 'live')
    OR ${deployment}.image_id IN (
      SELECT image_id FROM deployments needed
      WHERE needed.environment_id = ${deployment}.environment_id AND needed.status IN ('deploying', 'live'))
    OR ${keepPrevious} AND ${deployment}.image_id = (
      SELECT image_id FROM deployments earlier
      WHERE earlier.environment_id = ${deployment}.environment_id AND earlier.status = 'replaced'
        AND earlier.image_id IS NOT NULL AND earlier.image_removed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM deployments present
                        WHERE present.environment_id = earlier.environment_id AND present.status = 'live'
                          AND present.image_id = earlier.image_id)
      ORDER BY earlier.finished_at DESC, earlier.id DESC LIMIT 1))`;
}

/**
 * Gives up the images that an environment does not need any more. That is written down before they are removed: a
 * worker that dies in between leaves an image that nobody asks for, never a deployment that claims one which is gone.
 * What a registry keeps is not given up with the copies on the machines.
 *
 * @param builtFor the deployments that the images which are there were built for
 * @param options.keepPrevious whether the version before the live one can still be gone back to afterwards
 * @returns those of them whose images may be removed
 */
export async function giveUpOldImages(
  { manager }: Transaction,
  environmentId: string,
  builtFor: readonly string[],
  { keepPrevious = true } = {},
): Promise<string[]> {
  await lockEnvironment(manager, environmentId);
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM deployments kept
     WHERE environment_id = $1 AND id = ANY ($3) AND ${isImageNeeded('kept', '$2')}`,
    [environmentId, keepPrevious, builtFor],
  );
  const kept = new Set(rows.map(({ id }) => id));
  const old = builtFor.filter((id) => !kept.has(id));
  if (old.length > 0) await recordRemoved(manager, environmentId, old);
  return old;
}

/** Gives up every image of an environment that is being destroyed. */
export async function giveUpAllImages({ manager }: Transaction, environmentId: string): Promise<void> {
  await lockEnvironment(manager, environmentId);
  await recordRemoved(manager, environmentId, null);
}

/** @param builtFor null: all of the environment's */
async function recordRemoved(
  manager: EntityManager,
  environmentId: string,
  builtFor: readonly string[] | null,
): Promise<void> {
  await manager.query(
    `UPDATE deployments SET image_removed_at = now()
     WHERE environment_id = $1 AND image_node_id IS NOT NULL AND image_removed_at IS NULL
       AND image_id IN (SELECT image_id FROM deployments
                        WHERE environment_id = $1 AND ($2::text[] IS NULL OR id = ANY ($2)))`,
    [environmentId, builtFor],
  );
}
