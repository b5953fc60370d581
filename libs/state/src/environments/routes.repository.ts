import { type DesiredState, type EnvironmentStatus, isResuming } from '@nexos/domain';
import { type Transaction, UnitOfWork } from '@nexos/database';
import { deploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';

/** The target of a host name. */
export interface Route {
  readonly hostname: string;
  readonly deploymentId: string;
  /** How often the deployment has moved to another node, which its service's name contains. */
  readonly moves: number;
  readonly port: number;
  readonly requestTimeoutSeconds: number;
}

/** For deployments of versions that did not have the setting. */
const { request_timeout_seconds: DEFAULT_TIMEOUT_SECONDS } = deploymentSettings({});

/** The environment that holds a host name, with or without a route. */
export interface EnvironmentAtHost {
  readonly id: string;
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

/** Selects the routes, which follow from state alone: a name leads to the live deployment of a running environment. */
const ROUTES = `
  SELECT hostnames.hostname, deployments.id AS "deploymentId", deployments.moves,
    (deployments.spec->>'port')::integer AS port,
    coalesce((deployments.spec->>'request_timeout_seconds')::integer, ${DEFAULT_TIMEOUT_SECONDS}) AS "requestTimeoutSeconds"
  FROM hostnames
  JOIN environments ON environments.id = hostnames.environment_id AND environments.status = 'running'
  JOIN deployments ON deployments.id = environments.live_deployment_id`;

/** True while nothing was requested since an environment failed. */
const HAS_FAILED = 'coalesce(environment.failed_generation = environment.generation, false)';

/** An arbitrary key that no other user of the database locks: "route" in ASCII. */
const ROUTE_LOCK = '491529431141';

/** Host names and their routes. */
@Injectable()
export class RoutesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Runs `work` in a transaction that keeps every other process from changing routes until it ends. Update the
   * ingress only with routes read under this lock, so that an older read never overwrites a newer one.
   */
  whileLocked<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(async (transaction) => {
      await transaction.manager.query('SELECT pg_advisory_xact_lock($1)', [ROUTE_LOCK]);
      return work(transaction);
    });
  }

  /** Returns every route that should exist. */
  all(): Promise<Route[]> {
    return this.unitOfWork.manager.query<Route[]>(ROUTES);
  }

  /** Returns the route that a host name should have now, if any. */
  async find(hostname: string): Promise<Route | null> {
    const sql = `${ROUTES} WHERE hostnames.hostname = $1`;
    const [route] = await this.unitOfWork.manager.query<Route[]>(sql, [hostname]);
    return route ?? null;
  }

  /** Finds the environment that holds a host name. */
  async environmentAt(hostname: string): Promise<EnvironmentAtHost | null> {
    const [environment] = await this.unitOfWork.manager.query<EnvironmentAtHost[]>(
      `SELECT environment.id, environment.branch, project.name AS project, environment.status,
         environment.desired_state AS "desiredState", environment.asleep,
         environment.live_deployment_id IS NOT NULL AS "hasLiveVersion",
         ${HAS_FAILED} AS "hasFailed",
         environment.error_at IS NOT NULL OR environment.retry_at IS NOT NULL AS "isRetried",
         coalesce(environment.resumed_at > now() - interval '5 seconds', false) AS "isJustResumed"
       FROM hostnames
       JOIN environments environment ON environment.id = hostnames.environment_id
       JOIN projects project ON project.id = environment.project_id
       WHERE hostnames.hostname = $1`,
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
