import type { EntityManager } from 'typeorm';

/** Where a host name leads. */
export interface Route {
  readonly hostname: string;
  readonly deploymentId: string;
  readonly port: number;
}

/** Routes follow from state alone: a name leads to the live deployment of the environment that holds it. */
const ROUTES = `
  SELECT hostnames.hostname, deployments.id AS "deploymentId", (deployments.spec->>'port')::integer AS port
  FROM hostnames
  JOIN environments ON environments.id = hostnames.environment_id AND environments.status = 'running'
  JOIN deployments ON deployments.id = environments.live_deployment_id`;

/** Every route there should be. */
export function findRoutes(manager: EntityManager): Promise<Route[]> {
  return manager.query<Route[]>(ROUTES);
}

/** The route that a host name should have now, if any. */
export async function findRoute(manager: EntityManager, hostname: string): Promise<Route | null> {
  const [route] = await manager.query<Route[]>(`${ROUTES} WHERE hostnames.hostname = $1`, [hostname]);
  return route ?? null;
}

/** Any number that no other user of the database takes: "route" in ASCII. */
const ROUTE_LOCK = '491529431141';

/**
 * Keeps every other process from changing routes until the transaction ends. The ingress is written from
 * what is read under this lock, so that an older reading never overwrites a newer one.
 */
export async function lockRoutes(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [ROUTE_LOCK]);
}
