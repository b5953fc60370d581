import type { EntityManager } from 'typeorm';
import { isImageNeeded } from './give-up-images.js';

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
 * Those of an engine's images that nobody wants. To be called after the engine has listed them: a build writes down its
 * image when it ends, in one step, and until then its deployment is `building`. Which image a deployment has cannot be
 * said of copies of what a registry keeps, so they stay as long as their deployment is needed. An image of a project that
 * is not known is not among them.
 *
 * @param settledMs leaves alone what came of a build or a rollout since: others may not have seen it yet, or be tidying up
 */
export function findUnwantedImages(
  manager: EntityManager,
  images: readonly ImageOnEngine[],
  settledMs: number,
): Promise<UnwantedImage[]> {
  return manager.query<UnwantedImage[]>(
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
