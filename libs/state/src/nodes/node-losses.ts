import type { ServiceKind } from '@nexos/domain';
import type { EntityManager } from 'typeorm';

/** How many projects and environments are listed; all are counted. */
const MAX_LISTED = 20;

/** A project whose services have their data on a node. */
export interface ProjectOnNode {
  readonly id: string;
  readonly name: string;
  readonly services: readonly ServiceKind[];
}

/** An environment of which a node has the only image of the live version, of the next or of one to roll back to. */
export interface EnvironmentOnNode {
  readonly id: string;
  readonly branch: string;
  readonly projectId: string;
  readonly project: string;
}

/** What Nexos loses with a node, because it exists nowhere else. */
export interface NodeLosses {
  readonly projects: readonly ProjectOnNode[];
  readonly projectCount: number;
  readonly environments: readonly EnvironmentOnNode[];
  readonly environmentCount: number;
}

/** Finds what is lost with a node. */
export async function findNodeLosses(manager: EntityManager, swarmId: string): Promise<NodeLosses> {
  const projects = await manager.query<(ProjectOnNode & { count: number })[]>(
    `SELECT project.id, project.name, array_agg(service.kind ORDER BY service.kind) AS services,
       (count(*) OVER ())::integer AS count
     FROM project_services service JOIN projects project ON project.id = service.project_id
     WHERE service.node_id = $1
     GROUP BY project.id, project.name ORDER BY project.name, project.id LIMIT $2`,
    [swarmId, MAX_LISTED],
  );
  const environments = await manager.query<(EnvironmentOnNode & { count: number })[]>(
    `SELECT environment.id, environment.branch, project.id AS "projectId", project.name AS project,
       (count(*) OVER ())::integer AS count
     FROM environments environment JOIN projects project ON project.id = environment.project_id
     WHERE environment.status NOT IN ('destroying', 'destroyed')
       AND EXISTS (SELECT 1 FROM deployments version
                   WHERE version.environment_id = environment.id AND version.image_node_id = $1
                     AND version.image_removed_at IS NULL
                     AND version.status IN ('deploying', 'live', 'replaced'))
     ORDER BY project.name, environment.branch, environment.id LIMIT $2`,
    [swarmId, MAX_LISTED],
  );
  return {
    projects: projects.map(({ id, name, services }) => ({ id, name, services })),
    projectCount: projects[0]?.count ?? 0,
    environments: environments.map(({ id, branch, projectId, project }) => ({
      id,
      branch,
      projectId,
      project,
    })),
    environmentCount: environments[0]?.count ?? 0,
  };
}

export function losesSomething({ projectCount, environmentCount }: NodeLosses): boolean {
  return projectCount > 0 || environmentCount > 0;
}
