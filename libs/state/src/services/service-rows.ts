import { type ServiceKind } from '@nexos/domain';
import { affected, EnvironmentServiceEntity, ProjectServiceEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import type { Held } from '../environments/held.js';

/** Redis has this many logical databases beside the first, and so many environments can a project have with Redis. */
const MAX_NUMBER = 1023;

const NEW_SUFFIX = 'left(gen_random_uuid()::text, 8)';

/** An environment's part of a service of its project. */
export interface EnvironmentServiceKey {
  readonly projectId: string;
  readonly environmentId: string;
  readonly kind: ServiceKind;
}

/** Writes down a service of a project, unless it is there. */
export async function keepProjectService(
  manager: EntityManager,
  { projectId, kind }: { projectId: string; kind: ServiceKind },
  sealedPassword: string,
): Promise<void> {
  await manager.query(
    `INSERT INTO project_services (project_id, kind, sealed_password, volume_suffix)
     VALUES ($1, $2, $3, ${NEW_SUFFIX}) ON CONFLICT DO NOTHING`,
    [projectId, kind, sealedPassword],
  );
}

/**
 * Writes down an environment's part of a service, unless it is there, with the lowest number that no other environment
 * of the project has. To be called in a transaction, after the service itself.
 *
 * @returns false when there is no number left
 */
export async function keepEnvironmentService(
  manager: EntityManager,
  { projectId, environmentId, kind }: EnvironmentServiceKey,
  sealedPassword: string,
): Promise<boolean> {
  // Two environments that come at once would choose the same number.
  await manager.query('SELECT 1 FROM project_services WHERE project_id = $1 AND kind = $2 FOR UPDATE', [
    projectId,
    kind,
  ]);
  await manager.query(
    `INSERT INTO environment_services (environment_id, kind, project_id, number, sealed_password)
     SELECT $1, $2, $3, min(free.number), $4 FROM generate_series(1, $5) free (number)
     WHERE NOT EXISTS (SELECT 1 FROM environment_services taken
                       WHERE taken.project_id = $3 AND taken.kind = $2 AND taken.number = free.number)
     HAVING min(free.number) IS NOT NULL
     ON CONFLICT (environment_id, kind) DO NOTHING`,
    [environmentId, kind, projectId, sealedPassword, MAX_NUMBER],
  );
  return manager.existsBy(EnvironmentServiceEntity, { environmentId, kind });
}

/**
 * Chooses where a service's data is and which image has made it, if that was not chosen before; answers what holds, or
 * null when the project does not have the service any more.
 */
export async function placeProjectService(
  manager: EntityManager,
  { projectId, kind }: { projectId: string; kind: ServiceKind },
  place: { nodeId: string; imageId: string },
): Promise<{ nodeId: string; imageId: string; volumeSuffix: string | null } | null> {
  await manager.query(
    `UPDATE project_services SET node_id = $3, image_id = $4
     WHERE project_id = $1 AND kind = $2 AND node_id IS NULL`,
    [projectId, kind, place.nodeId, place.imageId],
  );
  const service = await manager.findOneBy(ProjectServiceEntity, { projectId, kind });
  if (service === null) return null;
  const { nodeId, imageId, volumeSuffix } = service;
  return { nodeId: nodeId ?? place.nodeId, imageId: imageId ?? place.imageId, volumeSuffix };
}

/**
 * Whether an environment has something in a service of its project, or may be about to, beside one that does not come to
 * have it.
 */
export async function isServiceInUse(
  manager: EntityManager,
  { projectId, environmentId, kind }: EnvironmentServiceKey,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM environment_services part JOIN environments environment ON environment.id = part.environment_id
     WHERE part.project_id = $1 AND part.kind = $2
       AND (part.provisioned_at IS NOT NULL OR (environment.id <> $3 AND environment.lease_until > now()))`,
    [projectId, kind, environmentId],
  );
  return rows.length > 0;
}

/** Forgets where a service's data is and which image has made it: there is none, and the next has a volume of its own. */
export async function unplaceProjectService(
  manager: EntityManager,
  { projectId, kind }: { projectId: string; kind: ServiceKind },
): Promise<void> {
  await manager.query(
    `UPDATE project_services SET node_id = NULL, image_id = NULL, volume_suffix = ${NEW_SUFFIX}
     WHERE project_id = $1 AND kind = $2`,
    [projectId, kind],
  );
}

export function findProjectServices(
  manager: EntityManager,
  projectId: string,
): Promise<ProjectServiceEntity[]> {
  return manager.find(ProjectServiceEntity, { where: { projectId }, order: { kind: 'ASC' } });
}

/** The parts that the environments of a project have, or one of them has. */
export function findEnvironmentServices(
  manager: EntityManager,
  of: { projectId: string } | { environmentId: string },
): Promise<EnvironmentServiceEntity[]> {
  return manager.find(EnvironmentServiceEntity, { where: of, order: { environmentId: 'ASC', kind: 'ASC' } });
}

/**
 * Records that a service knows of an environment's part.
 *
 * @returns false when the lease was lost, or it was known before
 */
export async function recordProvisioned(
  manager: EntityManager,
  { environmentId, epoch }: Held,
  kind: ServiceKind,
): Promise<boolean> {
  // An environment that gets a database later in its life has a new one.
  return affected(
    await manager.query(
      `WITH recorded AS (
         UPDATE environment_services part SET provisioned_at = now() FROM environments environment
         WHERE part.environment_id = $1 AND part.kind = $2 AND part.provisioned_at IS NULL
           AND environment.id = part.environment_id AND environment.lease_epoch = $3
         RETURNING part.environment_id
       )
       UPDATE environments SET is_new = is_new OR $2 = 'postgres' FROM recorded
       WHERE environments.id = recorded.environment_id`,
      [environmentId, kind, epoch],
    ),
  );
}

/** Forgets an environment's parts, once the services do not have them any more. */
export async function forgetEnvironmentServices(
  manager: EntityManager,
  environmentId: string,
): Promise<void> {
  await manager.query('DELETE FROM database_backups WHERE environment_id = $1', [environmentId]);
  await manager.query('DELETE FROM environment_services WHERE environment_id = $1', [environmentId]);
}

/** Forgets the services of a project, once nothing of them is on the engine. */
export async function forgetProjectServices(manager: EntityManager, projectId: string): Promise<void> {
  await manager.query(
    `DELETE FROM database_backups backup USING environments environment
     WHERE environment.id = backup.environment_id AND environment.project_id = $1`,
    [projectId],
  );
  await manager.query('DELETE FROM environment_services WHERE project_id = $1', [projectId]);
  await manager.query('DELETE FROM project_services WHERE project_id = $1', [projectId]);
}

/**
 * Whether an environment of the project needs the services that it shares: it runs, or is to, or still has something
 * in them that is to be changed or taken out. One that has nothing to run, and nothing on its way, does not.
 */
export async function hasActiveEnvironment(manager: EntityManager, projectId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM environments environment
     WHERE project_id = $1
       AND ((desired_state = 'running' AND status <> 'destroyed'
             AND (live_deployment_id IS NOT NULL OR database_generation > observed_database_generation
                  OR EXISTS (SELECT 1 FROM deployments
                             WHERE environment_id = environment.id
                               AND deployments.status IN ('queued', 'building', 'deploying'))))
            OR (desired_state = 'paused' AND status <> 'paused')
            OR (status = 'destroying'
                AND EXISTS (SELECT 1 FROM environment_services part WHERE part.environment_id = environment.id)))
     LIMIT 1`,
    [projectId],
  );
  return rows.length > 0;
}

/**
 * Of some volumes, those whose service its project does not have any more, or in another volume by now. A project that
 * is not known has them all.
 */
export async function findLeftServices<
  Service extends { projectId: string; kind: string; suffix: string | null },
>(manager: EntityManager, services: readonly Service[]): Promise<Service[]> {
  const projectIds = [...new Set(services.map(({ projectId }) => projectId))];
  const rows = await manager.query<{ id: string; kinds: string[] }[]>(
    `SELECT id, ARRAY(SELECT concat_ws('-', kind, volume_suffix) FROM project_services
                       WHERE project_id = projects.id) AS kinds
     FROM projects WHERE id = ANY($1)`,
    [projectIds],
  );
  const known = new Map(rows.map(({ id, kinds }) => [id, kinds]));
  return services.filter(
    ({ projectId, kind, suffix }) =>
      known.get(projectId)?.includes(suffix === null ? kind : `${kind}-${suffix}`) === false,
  );
}
