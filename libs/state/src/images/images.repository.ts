import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HAS_FAILED_WITH_IMAGE } from '../deployments/deployments.repository.js';
import { lockEnvironment } from '../environments/lock-environment.js';

/** An image on an engine, with its labels. */
export interface ImageOnEngine {
  readonly id: string;
  readonly projectId: string;
  readonly deploymentId: string;
}

/**
 * An image to remove. `orphaned`: no deployment uses it or ever will. `old`: its deployment no longer needs it, and
 * must be marked as without an image before the image is removed.
 */
export type UnwantedImage =
  | { readonly id: string; readonly why: 'orphaned' }
  | {
      readonly id: string;
      readonly why: 'old';
      readonly deploymentId: string;
      readonly environmentId: string;
    };

/**
 * Returns a condition: whether the image of a deployment must stay. That holds for the images of unfinished
 * deployments and of the live version. If `keepPrevious` is true, it also holds for the version before it, and where none
 * has gone live, for the last one that failed, so that commands can run in it. It compares images, not
 * deployments, because a rollback runs the image of an earlier deployment. It is null, meaning no, for a deployment
 * without an image.
 *
 * @param deployment the deployment's alias in the statement
 * @param keepPrevious an SQL expression
 */
function isImageNeeded(deployment: string, keepPrevious: string): string {
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
      ORDER BY earlier.finished_at DESC, earlier.id DESC LIMIT 1)
    OR ${keepPrevious} AND ${deployment}.image_id = (
      SELECT image_id FROM deployments
      WHERE environment_id = ${deployment}.environment_id AND ${HAS_FAILED_WITH_IMAGE}
        AND NOT EXISTS (SELECT 1 FROM deployments begun
                        WHERE begun.environment_id = ${deployment}.environment_id
                          AND begun.status IN ('live', 'replaced'))
      ORDER BY id DESC LIMIT 1))`;
}

/** Decides which images deployments still need. */
@Injectable()
export class ImagesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Evicts the images that an environment no longer needs. Records the eviction before the images are removed: a
   * worker that dies in between leaves an unused image, never a deployment whose image is gone. Images in a registry
   * are not evicted with their copies on the nodes.
   *
   * @param builtFor the deployments that the existing images were built for
   * @param options.keepPrevious whether to keep the version before the live one for a rollback
   * @returns the deployments whose images may be removed
   */
  async evictOld(
    environmentId: string,
    builtFor: readonly string[],
    { keepPrevious = true } = {},
  ): Promise<string[]> {
    return this.unitOfWork.run(async ({ manager }) => {
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
    });
  }

  /** Evicts every image of an environment that is being destroyed. */
  async evictAll(environmentId: string): Promise<void> {
    await this.unitOfWork.run(async ({ manager }) => {
      await lockEnvironment(manager, environmentId);
      await recordRemoved(manager, environmentId, null);
    });
  }

  /**
   * Returns whether any deployment still has the image, for a container, its seed or its hooks. Two attempts at one build may
   * produce the same image.
   */
  async isKept(imageId: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `SELECT 1 FROM deployments
       WHERE (image_id = $1 OR seed_image_id = $1 OR hook_image_id = $1 OR container_image_ids @> ARRAY[$1])
         AND image_removed_at IS NULL LIMIT 1`,
      [imageId],
    );
    return rows.length > 0;
  }

  /**
   * Finds those of an engine's images that are no longer needed. Call it after the engine has listed them: a build
   * records its image in one step when it ends, and until then its deployment is `building`. Local copies of registry
   * images cannot be matched to a deployment's image, so they stay while their deployment is needed. Skips images of
   * unknown projects.
   *
   * @param settledMs skips deployments that were built or ended more recently: another worker may not have seen the
   *   change yet, or may still be cleaning up
   */
  findUnwanted(images: readonly ImageOnEngine[], settledMs: number): Promise<UnwantedImage[]> {
    return this.unitOfWork.manager.query<UnwantedImage[]>(
      `SELECT * FROM (
         SELECT image.id, deployment.id AS "deploymentId", deployment.environment_id AS "environmentId",
           CASE
             WHEN deployment.id IS NULL THEN
               CASE WHEN EXISTS (SELECT 1 FROM projects WHERE id = image.project_id) THEN 'orphaned' END
             WHEN deployment.status IN ('queued', 'building') THEN NULL
             WHEN environment.status = 'destroyed' THEN 'orphaned'
             WHEN (coalesce(deployment.finished_at, deployment.built_at)
                   < now() - make_interval(secs => $4 / 1000.0)) IS NOT TRUE THEN NULL
             WHEN (deployment.image_id IS NULL OR deployment.image_node_id IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM deployments holder
                               WHERE (holder.image_id = image.id OR holder.seed_image_id = image.id
                                      OR holder.hook_image_id = image.id
                                      OR holder.container_image_ids @> ARRAY[image.id])
                                 AND holder.image_removed_at IS NULL) THEN 'orphaned'
             WHEN ${isImageNeeded('deployment', 'true')} IS NOT TRUE THEN 'old'
           END AS why
         FROM unnest($1::text[], $2::text[], $3::text[]) AS image (id, project_id, deployment_id)
         LEFT JOIN deployments deployment ON deployment.id = image.deployment_id
         LEFT JOIN environments environment ON environment.id = deployment.environment_id
       ) judged WHERE why IS NOT NULL`,
      [
        images.map(({ id }) => id),
        images.map(({ projectId }) => projectId),
        images.map(({ deploymentId }) => deploymentId),
        settledMs,
      ],
    );
  }
}

/** @param builtFor the deployments the images were built for; null for all of the environment's images */
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
