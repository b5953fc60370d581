import { APP_CONTAINER, type DesiredState, type EnvironmentStatus, isResuming } from '@nexos/domain';
import { type Transaction, UnitOfWork } from '@nexos/database';
import { deploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';

/** The target of a host name. */
export interface Route {
  readonly hostname: string;
  readonly environmentId: string;
  readonly projectId: string;
  readonly deploymentId: string;
  readonly container: string;
  /** The container's place among those of the deployment, which its service's name contains. */
  readonly index: number;
  /** Whether the environment has several host names, which switch to another version together. */
  readonly isShared: boolean;
  /** How often the deployment has moved to another node, which its service's name contains. */
  readonly moves: number;
  readonly port: number;
  readonly requestTimeoutSeconds: number;
}

/** For deployments of versions that did not have a setting, and public containers without a port. */
const { request_timeout_seconds: DEFAULT_TIMEOUT_SECONDS, port: DEFAULT_PORT } = deploymentSettings({});

/** The environment that holds a host name, with or without a route. */
export interface EnvironmentAtHost {
  readonly id: string;
  readonly accountId: string;
  readonly branch: string;
  readonly project: string;
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly asleep: boolean;
  readonly hasLiveVersion: boolean;
  /** What was last requested of it failed. */
  readonly hasFailed: boolean;
  /** Nexos could not do what was requested, and tries again by itself. */
  readonly isRetried: boolean;
  /** It resumed so recently that a request may have reached the ingress before. */
  readonly isJustResumed: boolean;
}

/**
 * Selects the routes, which follow from state alone: a name leads to a container of the live deployment of a running
 * environment, if that is public there.
 */
const ROUTES = `
  SELECT hostnames.hostname, hostnames.environment_id AS "environmentId", environments.project_id AS "projectId",
    deployments.id AS "deploymentId", deployments.moves, hostnames.container, coalesce(part.index, 0) AS index,
    coalesce(part.port, (deployments.spec->>'port')::integer) AS port,
    coalesce((deployments.spec->>'request_timeout_seconds')::integer, ${DEFAULT_TIMEOUT_SECONDS}) AS "requestTimeoutSeconds",
    EXISTS (SELECT 1 FROM hostnames other
            WHERE other.environment_id = hostnames.environment_id AND other.hostname <> hostnames.hostname) AS "isShared"
  FROM hostnames
  JOIN environments ON environments.id = hostnames.environment_id AND environments.status = 'running'
  JOIN deployments ON deployments.id = environments.live_deployment_id
  LEFT JOIN LATERAL ${publicContainer('deployments.spec')} part ON hostnames.container <> '${APP_CONTAINER}'
  WHERE (hostnames.container = '${APP_CONTAINER}' OR part.port IS NOT NULL)`;

/** Selects the public container of a version that has a host name. */
function publicContainer(spec: string): string {
  return `(
    SELECT position::integer AS index, coalesce((one->>'port')::integer, ${DEFAULT_PORT}) AS port
    FROM jsonb_array_elements(${spec}->'containers') WITH ORDINALITY AS every (one, position)
    WHERE one->>'name' = hostnames.container AND (one->>'public')::boolean)`;
}

/** True while nothing was requested since an environment failed. */
const HAS_FAILED = 'coalesce(environment.failed_generation = environment.generation, false)';

/** An arbitrary key that no other user of the database locks: "route" in ASCII. */
const ALL_ROUTES = '491529431141';

/** Host names and their routes. */
@Injectable()
export class RoutesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Runs `work` in a transaction that keeps every other process from changing the routes of this environment's host names
   * until it ends. Update the ingress only with routes read under these locks, so that an older read never overwrites a
   * newer one.
   *
   * @param work receives the host names: those that the environment holds, and its app's even if another one holds it
   */
  whileLocked<T>(
    { id, hostname }: { readonly id: string; readonly hostname: string },
    work: (transaction: Transaction, hostnames: readonly string[]) => Promise<T>,
  ): Promise<T> {
    return this.unitOfWork.run(async (transaction) => {
      await transaction.manager.query('SELECT pg_advisory_xact_lock_shared($1)', [ALL_ROUTES]);
      // In a fixed order, so that nobody deadlocks.
      const rows = await transaction.manager.query<{ hostname: string }[]>(
        `SELECT hostname, pg_advisory_xact_lock(hashtextextended(hostname, $3)) FROM (
           SELECT hostname FROM hostnames WHERE environment_id = $1 UNION SELECT $2 ORDER BY hostname) locked`,
        [id, hostname, ALL_ROUTES],
      );
      return work(
        transaction,
        rows.map((row) => row.hostname),
      );
    });
  }

  /** Does the same for all routes at once: it waits for every other change, and holds up new ones. */
  whileAllLocked<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(async (transaction) => {
      await transaction.manager.query('SELECT pg_advisory_xact_lock($1)', [ALL_ROUTES]);
      return work(transaction);
    });
  }

  /** Returns every route that should exist. */
  all(): Promise<Route[]> {
    return this.unitOfWork.manager.query<Route[]>(ROUTES);
  }

  /** Returns the routes that host names should have now. */
  findAll(hostnames: readonly string[]): Promise<Route[]> {
    return this.unitOfWork.manager.query<Route[]>(`${ROUTES} AND hostnames.hostname = ANY ($1)`, [hostnames]);
  }

  /** Finds the environment that holds a host name; none for the name of a container that its live version lacks. */
  async environmentAt(hostname: string): Promise<EnvironmentAtHost | null> {
    const [environment] = await this.unitOfWork.manager.query<EnvironmentAtHost[]>(
      `SELECT environment.id, project.account_id AS "accountId", environment.branch, project.name AS project, environment.status,
         environment.desired_state AS "desiredState", environment.asleep,
         environment.live_deployment_id IS NOT NULL AS "hasLiveVersion",
         ${HAS_FAILED} AS "hasFailed",
         environment.error_at IS NOT NULL OR environment.retry_at IS NOT NULL AS "isRetried",
         coalesce(environment.resumed_at > now() - interval '5 seconds', false) AS "isJustResumed"
       FROM hostnames
       JOIN environments environment ON environment.id = hostnames.environment_id
       JOIN projects project ON project.id = environment.project_id
       LEFT JOIN deployments live ON live.id = environment.live_deployment_id
       WHERE hostnames.hostname = $1
         AND (hostnames.container = '${APP_CONTAINER}' OR live.id IS NULL OR EXISTS ${publicContainer('live.spec')})`,
      [hostname],
    );
    return environment ?? null;
  }

  /** Returns those of the environments that are not (or no longer) being started again. */
  async findAwake(environmentIds: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<
      Pick<EnvironmentAtHost, 'id' | 'status' | 'desiredState' | 'hasLiveVersion' | 'hasFailed'>[]
    >(
      `SELECT id, status, desired_state AS "desiredState", live_deployment_id IS NOT NULL AS "hasLiveVersion",
         ${HAS_FAILED} AS "hasFailed"
       FROM environments environment WHERE id = ANY($1)`,
      [environmentIds],
    );
    return rows.filter((row) => !isResuming(row.status, row)).map(({ id }) => id);
  }
}
