import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lockEnvironment } from '../environments/lock-environment.js';

/** An image that an engine has, and what its labels say. */
export interface ImageOnEngine {
  readonly id: string;
  readonly projectId: string;
  readonly deploymentId: string;
}

/**
 * `nobodys`: no deployment has it or can come to have it. `old`: the version that has it is not needed, and has to be
 * given up before the image goes.
 */
export type UnwantedImage =
  | { readonly id: string; readonly why: 'nobodys' }
  | {
      readonly id: string;
      readonly why: 'old';
      readonly deploymentId: string;
      readonly environmentId: string;
    };

/**
 * Whether the image of a deployment has to stay: that of what is live, of the version before it where `keepPrevious` says
 * so, and of what is on its way. A rollback runs an image that was built for an earlier deployment, so that it is the
 * image that counts. Null, for no, where there is none.
 *
 * @param deployment its name in the statement
 * @param keepPrevious SQL
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
      ORDER BY earlier.finished_at DESC, earlier.id DESC LIMIT 1))`;
}

/** Which images deployments still need. */
@Injectable()
export class ImagesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Gives up the images that an environment does not need any more. That is recorded before they are removed: a worker
   * that dies in between leaves an image that nobody asks for, never a deployment that claims one which is gone. What a
   * registry keeps is not given up with the copies on the machines.
   *
   * @param builtFor the deployments that the images which are there were built for
   * @param options.keepPrevious whether the version before the live one can still be gone back to afterwards
   * @returns those of them whose images may be removed
   */
  async giveUpOld(
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

  /** Gives up every image of an environment that is being destroyed. */
  async giveUpAll(environmentId: string): Promise<void> {
    await this.unitOfWork.run(async ({ manager }) => {
      await lockEnvironment(manager, environmentId);
      await recordRemoved(manager, environmentId, null);
    });
  }

  /**
   * Tells whether any deployment claims to have that image, its seed's included. Two attempts at one build may come to
   * the same image.
   */
  async isKept(imageId: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `SELECT 1 FROM deployments
       WHERE (image_id = $1 OR seed_image_id = $1) AND image_removed_at IS NULL LIMIT 1`,
      [imageId],
    );
    return rows.length > 0;
  }

  /**
   * Finds those of an engine's images that nobody wants. To be called after the engine has listed them: a build records
   * its image when it ends, in one step, and until then its deployment is `building`. Which image a deployment has cannot
   * be said of copies of what a registry keeps, so they stay as long as their deployment is needed. An image of a project
   * that is not known is not among them.
   *
   * @param settledMs leaves alone what came of a build or a rollout since: others may not have seen it yet, or be tidying
   *   up
   */
  findUnwanted(images: readonly ImageOnEngine[], settledMs: number): Promise<UnwantedImage[]> {
    return this.unitOfWork.manager.query<UnwantedImage[]>(
      `SELECT * FROM (
         SELECT image.id, deployment.id AS "deploymentId", deployment.environment_id AS "environmentId",
           CASE
             WHEN deployment.id IS NULL THEN
               CASE WHEN EXISTS (SELECT 1 FROM projects WHERE id = image.project_id) THEN 'nobodys' END
             WHEN deployment.status IN ('queued', 'building') THEN NULL
             WHEN environment.status = 'destroyed' THEN 'nobodys'
             WHEN (coalesce(deployment.finished_at, deployment.built_at)
                   < now() - make_interval(secs => $4 / 1000.0)) IS NOT TRUE THEN NULL
             WHEN (deployment.image_id IS NULL OR deployment.image_node_id IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM deployments holder
                               WHERE (holder.image_id = image.id OR holder.seed_image_id = image.id)
                                 AND holder.image_removed_at IS NULL) THEN 'nobodys'
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
