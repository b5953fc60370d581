import { deploymentSettings } from '@nexos/settings';
import type { EntityManager } from 'typeorm';

/** For deployments of versions that did not have a setting. Containers beside the app have the same defaults. */
const { cpu: DEFAULT_CPU, memory_mb: DEFAULT_MEMORY_MB } = deploymentSettings({});

/** What an account uses or has reserved. */
export interface ReservedUsage {
  /** Projects that are not deleted. One that is being deleted counts. */
  readonly projects: number;
  /** Cores of all active environments and of the services of their projects. */
  readonly cpu: number;
  readonly memoryMb: number;
}

/** What is left out, to see what an account uses without it. */
export interface Without {
  readonly deploymentId?: string;
  readonly environmentId?: string;
}

/** SQL: whether an environment reserves CPU and memory, like `isActive`. */
export const IS_ACTIVE = `(environment.status <> 'destroyed' AND (environment.desired_state = 'running'
  OR environment.status IN ('running', 'pausing', 'resuming', 'destroying')))`;

/**
 * SQL: the versions that run, or are about to, in active environments. A queued deployment counts from its admission on, because
 * nothing asks again before it runs. The larger of an environment's versions counts, so that a swap counts once. Those of one that is
 * being destroyed count until its containers have stopped, also a version that had not been live yet.
 */
export const ACTIVE_VERSIONS = `
  SELECT environment.id AS environment_id, environment.project_id, environment.branch,
    environment.status = 'destroying' AS is_leaving, version.id, version.spec
  FROM projects project
  JOIN environments environment ON environment.project_id = project.id AND ${IS_ACTIVE}
  CROSS JOIN LATERAL (
    SELECT id, spec FROM deployments WHERE id = environment.live_deployment_id
    UNION ALL
    SELECT id, spec FROM deployments
    WHERE environment_id = environment.id AND status IN ('queued', 'building', 'deploying')
    UNION ALL
    SELECT id, spec FROM deployments WHERE id = environment.desired_deployment_id
      AND environment.status = 'destroying'
      AND environment.desired_deployment_id IS DISTINCT FROM environment.live_deployment_id) version
  WHERE project.account_id = $1 AND project.status <> 'deleted'`;

/**
 * SQL: what a branch reserves. One environment of it that is being destroyed shares with the one that follows it, so that the branch
 * can be pushed again at once. While two are still stopping, nothing is shared.
 */
const ofBranch = (figure: string): string => `
  CASE WHEN count(*) FILTER (WHERE is_leaving) > 1 THEN sum(${figure})
    ELSE greatest(sum(${figure}) FILTER (WHERE is_leaving), sum(${figure}) FILTER (WHERE NOT is_leaving)) END`;

/** SQL: what an account uses, with further columns. */
const usageWith = (columns = '') => `
  WITH active AS MATERIALIZED (
    ${ACTIVE_VERSIONS}
      AND version.id IS DISTINCT FROM $2::text AND environment.id IS DISTINCT FROM $3::text
  ), version AS (
    SELECT environment_id, project_id, branch, is_leaving,
      sum(coalesce((container->>'cpu')::numeric, ${DEFAULT_CPU})) AS cpu,
      sum(coalesce((container->>'memory_mb')::bigint, ${DEFAULT_MEMORY_MB})) AS memory_mb
    FROM active
    CROSS JOIN LATERAL jsonb_array_elements(
      jsonb_build_array(spec) || coalesce(spec->'containers', '[]')) AS container
    GROUP BY environment_id, project_id, branch, is_leaving, id
  ), environment AS (
    SELECT project_id, branch, is_leaving, max(cpu) AS cpu, max(memory_mb) AS memory_mb
    FROM version GROUP BY environment_id, project_id, branch, is_leaving
  ), branch AS (
    SELECT ${ofBranch('cpu')} AS cpu, ${ofBranch('memory_mb')} AS memory_mb
    FROM environment GROUP BY project_id, branch
  ), service AS (
    SELECT project_id, kind FROM active
    CROSS JOIN LATERAL jsonb_each(coalesce(spec->'services', '{}')) AS wanted (kind, value)
    WHERE value <> 'false'
    UNION
    SELECT project_id, kind FROM project_services WHERE project_id IN (SELECT project_id FROM active)
  ), sized AS (
    SELECT size.cpu, coalesce(known.memory_mb, size.memory_mb) AS memory_mb
    FROM service
    JOIN service_sizes size USING (kind)
    LEFT JOIN project_services known USING (project_id, kind)
  )
  SELECT
    (SELECT count(*)::integer FROM projects WHERE account_id = $1 AND status <> 'deleted') AS projects,
    (coalesce((SELECT sum(cpu) FROM branch), 0)
      + coalesce((SELECT sum(cpu) FROM sized), 0))::float8 AS cpu,
    (coalesce((SELECT sum(memory_mb) FROM branch), 0)
      + coalesce((SELECT sum(memory_mb) FROM sized), 0))::float8 AS "memoryMb"${columns}`;
const USAGE = usageWith();

/** SQL: the number of containers of a version, the app included; 0 without a version. */
const containersIn = (version: string): string =>
  `coalesce((SELECT 1 + jsonb_array_length(coalesce(spec->'containers', '[]')) FROM deployments WHERE ${version}), 0)`;
const ENVIRONMENT_OF = '(SELECT environment_id FROM deployments WHERE id = $4)';
const USAGE_WITH_DEPLOYMENT = usageWith(`,
    (SELECT count(*)::integer FROM environments WHERE status NOT IN ('destroying', 'destroyed')
      AND project_id = (SELECT project_id FROM deployments WHERE id = $4)) AS environments,
    ${containersIn('id = $4')} AS containers,
    ${containersIn(`id = (SELECT live_deployment_id FROM environments WHERE id = ${ENVIRONMENT_OF})`)} AS "liveContainers"`);

/** What an account uses, and what its limits per project and per environment are about. */
export interface UsageWithDeployment extends ReservedUsage {
  /** Environments of the deployment's project, except those that are being destroyed. */
  readonly environments: number;
  /** Containers of the deployment. */
  readonly containers: number;
  /** Containers of the version that is live in its environment. */
  readonly liveContainers: number;
}

/** Computes what an account uses from the rows of its projects, so that there is no counter that could be wrong. */
export async function readUsage(
  manager: EntityManager,
  accountId: string,
  { deploymentId, environmentId }: Without = {},
): Promise<ReservedUsage> {
  const values = [accountId, deploymentId ?? null, environmentId ?? null];
  return firstOf(await manager.query<ReservedUsage[]>(USAGE, values));
}

/** Computes what an account uses with a deployment, in one statement: every push runs it. */
export async function readUsageWith(
  manager: EntityManager,
  accountId: string,
  deploymentId: string,
): Promise<UsageWithDeployment> {
  const values = [accountId, null, null, deploymentId];
  return firstOf(await manager.query<UsageWithDeployment[]>(USAGE_WITH_DEPLOYMENT, values));
}

function firstOf<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('the usage could not be computed');
  return row;
}
