import { type ContainerExit, type HealthState } from '@nexos/domain';
import { EnvironmentHealthEntity, UnitOfWork } from '@nexos/database';
import { deploymentSettings, type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

/** A running environment with what is stored about its live version. Times are milliseconds since the epoch. */
export interface HealthSubject {
  readonly environmentId: string;
  readonly projectId: string;
  readonly hostname: string;
  readonly deploymentId: string;
  /** How often it has moved to another node. */
  readonly moves: number;
  readonly settings: DeploymentSettings;
  readonly now: number;
  readonly liveSince: number;
  /** Its last unexpected exits since then, oldest first. */
  readonly exits: readonly ContainerExit[];
  /** The number of all of them that are remembered. */
  readonly exitCount: number;
  readonly running: { readonly since: number; readonly outOfMemoryAt: number | null } | null;
  readonly agentSeenAt: number | null;
  /** The health of this version so far. */
  readonly previous: {
    readonly state: HealthState;
    readonly message: string;
    readonly restarts: number;
  } | null;
  readonly heldUntil: number | null;
}

type Row = Omit<HealthSubject, 'settings' | 'previous' | 'running'> & {
  readonly spec: unknown;
  readonly runningSince: number | null;
  readonly outOfMemoryAt: number | null;
  readonly state: HealthState | null;
  readonly message: string | null;
  readonly restarts: number | null;
};

/** More exits than a back-off needs to reach its longest pause. */
const MAX_EXITS = 20;
const ms = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`;
const LIVE_SINCE = 'greatest(deployment.live_at, environment.resumed_at)';

/** The health of environments, and what it follows from. */
@Injectable()
export class EnvironmentHealthRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the health of environments by id, including those that are not running. */
  async findOf(ids: readonly string[]): Promise<Map<string, EnvironmentHealthEntity>> {
    const rows = await this.unitOfWork.manager.findBy(EnvironmentHealthEntity, {
      environmentId: In([...ids]),
    });
    return new Map(rows.map((row) => [row.environmentId, row]));
  }

  /** Returns all running environments, or one of them. */
  async findSubjects(environmentId: string | null = null): Promise<HealthSubject[]> {
    const rows = await this.unitOfWork.manager.query<Row[]>(
      `SELECT environment.id AS "environmentId", environment.project_id AS "projectId", environment.hostname,
         deployment.id AS "deploymentId", deployment.moves, deployment.spec, ${ms('now()')} AS now, ${ms(LIVE_SINCE)} AS "liveSince",
         coalesce(ended.exits, '[]') AS exits, coalesce(ended.count, 0)::int AS "exitCount",
         ${ms('running.started_at')} AS "runningSince", ${ms('running.out_of_memory_at')} AS "outOfMemoryAt",
         ${ms('agents.seen_at')} AS "agentSeenAt", health.state, health.message, health.restarts,
         ${ms('health.held_until')} AS "heldUntil"
       FROM environments environment
       JOIN deployments deployment ON deployment.id = environment.live_deployment_id
       LEFT JOIN environment_health health
         ON health.environment_id = environment.id AND health.deployment_id = deployment.id
       LEFT JOIN LATERAL (
         SELECT started_at, out_of_memory_at FROM container_runs
         WHERE deployment_id = deployment.id AND ended_at IS NULL ORDER BY started_at DESC LIMIT 1
       ) running ON true
       LEFT JOIN LATERAL (
         SELECT machine FROM container_runs WHERE deployment_id = deployment.id ORDER BY started_at DESC LIMIT 1
       ) last ON true
       LEFT JOIN agents ON agents.machine = last.machine
       LEFT JOIN LATERAL (
         SELECT max(count) AS count, jsonb_agg(jsonb_build_object('startedAt', ${ms('started_at')}, 'at', ${ms('ended_at')},
             'code', coalesce(exit_code, 0), 'isOutOfMemory', coalesce(out_of_memory, false),
             'isUnhealthy', ending = 'unhealthy') ORDER BY ended_at) AS exits
         FROM (
           SELECT *, count(*) OVER () AS count FROM container_runs
           WHERE deployment_id = deployment.id AND ending IN ('exited', 'unhealthy') AND ended_at > ${LIVE_SINCE}
           ORDER BY ended_at DESC LIMIT ${MAX_EXITS}
         ) recent
       ) ended ON true
       WHERE environment.status = 'running' AND environment.desired_state = 'running'
         AND ($1::text IS NULL OR environment.id = $1)
       ORDER BY environment.id`,
      [environmentId],
    );
    return rows.map(toSubject);
  }

  /**
   * Makes the caller the one process that watches all environments, or keeps it so.
   *
   * @returns false while another process is
   */
  async claimWatch(owner: string, claimMs: number): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `INSERT INTO health_watch (owner, until) VALUES ($1, now() + make_interval(secs => $2 / 1000.0))
       ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, until = excluded.until
       WHERE health_watch.owner = excluded.owner OR health_watch.until < now()
       RETURNING 1`,
      [owner, claimMs],
    );
    return rows.length > 0;
  }
}

function toSubject({
  spec,
  runningSince,
  outOfMemoryAt,
  state,
  message,
  restarts,
  ...row
}: Row): HealthSubject {
  return {
    ...row,
    settings: deploymentSettings(spec as Partial<DeploymentSettings>),
    running: runningSince === null ? null : { since: runningSince, outOfMemoryAt },
    previous: state === null ? null : { state, message: message ?? '', restarts: restarts ?? 0 },
  };
}
