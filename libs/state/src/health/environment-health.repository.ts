import { APP_CONTAINER, type ContainerExit, type HealthState } from '@nexos/domain';
import { ContainerHealthEntity, EnvironmentHealthEntity, UnitOfWork } from '@nexos/database';
import { type Container, containersOf, deploymentSettings, type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

/** What is stored about a container of a live version. Times are milliseconds since the epoch. */
export interface ContainerHealthFacts {
  readonly container: Container;
  /** Its last unexpected exits since the version went live, oldest first. */
  readonly exits: readonly ContainerExit[];
  /** The number of all of them that are remembered. */
  readonly exitCount: number;
  readonly running: { readonly since: number; readonly outOfMemoryAt: number | null } | null;
  readonly agentSeenAt: number | null;
  /** Its health so far. */
  readonly previous: PreviousHealth | null;
  readonly heldUntil: number | null;
}

interface PreviousHealth {
  readonly state: HealthState;
  readonly message: string;
  readonly restarts: number;
}

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
  /** The health of this version so far. */
  readonly previous: PreviousHealth | null;
  readonly containers: readonly ContainerHealthFacts[];
}

/** One row for each container. */
type Row = Omit<HealthSubject, 'settings' | 'containers'> &
  Omit<ContainerHealthFacts, 'container' | 'running' | 'previous'> & {
    readonly spec: unknown;
    readonly name: string;
    readonly runningSince: number | null;
    readonly outOfMemoryAt: number | null;
    readonly previousOfContainer: PreviousHealth | null;
  };

/** More exits than a back-off needs to reach its longest pause. */
const MAX_EXITS = 20;
const ms = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`;
const previous = (health: string) =>
  `jsonb_build_object('state', ${health}.state, 'message', ${health}.message, 'restarts', ${health}.restarts)`;
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

  /** Returns the health of the containers of an environment's live version, in no particular order. */
  findContainers(environmentId: string, deploymentId: string): Promise<ContainerHealthEntity[]> {
    return this.unitOfWork.manager.findBy(ContainerHealthEntity, { environmentId, deploymentId });
  }

  /** Returns all running environments, or one of them. */
  async findSubjects(environmentId: string | null = null): Promise<HealthSubject[]> {
    const rows = await this.unitOfWork.manager.query<Row[]>(
      `SELECT environment.id AS "environmentId", environment.project_id AS "projectId", environment.hostname,
         deployment.id AS "deploymentId", deployment.moves, deployment.spec, ${ms('now()')} AS now, ${ms(LIVE_SINCE)} AS "liveSince",
         coalesce(ended.exits, '[]') AS exits, coalesce(ended.count, 0)::int AS "exitCount",
         ${ms('running.started_at')} AS "runningSince", ${ms('running.out_of_memory_at')} AS "outOfMemoryAt",
         ${ms('agents.seen_at')} AS "agentSeenAt", ${ms('own.held_until')} AS "heldUntil", part.name,
         CASE WHEN health.state IS NOT NULL THEN ${previous('health')} END AS previous,
         CASE WHEN own.state IS NOT NULL THEN ${previous('own')} END AS "previousOfContainer"
       FROM environments environment
       JOIN deployments deployment ON deployment.id = environment.live_deployment_id
       CROSS JOIN LATERAL (
         SELECT '${APP_CONTAINER}' AS name, 0 AS index
         UNION ALL
         SELECT one->>'name', index FROM jsonb_array_elements(deployment.spec->'containers') WITH ORDINALITY AS every (one, index)
       ) part
       LEFT JOIN environment_health health
         ON health.environment_id = environment.id AND health.deployment_id = deployment.id
       LEFT JOIN container_health own ON own.environment_id = environment.id AND own.deployment_id = deployment.id
         AND own.container = part.name
       LEFT JOIN LATERAL (
         SELECT started_at, out_of_memory_at FROM container_runs
         WHERE deployment_id = deployment.id AND container = part.name AND ended_at IS NULL
         ORDER BY started_at DESC LIMIT 1
       ) running ON true
       LEFT JOIN LATERAL (
         SELECT machine FROM container_runs WHERE deployment_id = deployment.id AND container = part.name
         ORDER BY started_at DESC LIMIT 1
       ) last ON true
       LEFT JOIN agents ON agents.machine = last.machine
       LEFT JOIN LATERAL (
         SELECT max(count) AS count, jsonb_agg(jsonb_build_object('startedAt', ${ms('started_at')}, 'at', ${ms('ended_at')},
             'code', coalesce(exit_code, 0), 'isOutOfMemory', coalesce(out_of_memory, false),
             'isUnhealthy', ending = 'unhealthy') ORDER BY ended_at) AS exits
         FROM (
           SELECT *, count(*) OVER () AS count FROM container_runs
           WHERE deployment_id = deployment.id AND container = part.name AND ending IN ('exited', 'unhealthy') AND ended_at > ${LIVE_SINCE}
           ORDER BY ended_at DESC LIMIT ${MAX_EXITS}
         ) recent
       ) ended ON true
       WHERE environment.status = 'running' AND environment.desired_state = 'running'
         AND ($1::text IS NULL OR environment.id = $1)
       ORDER BY environment.id, part.index`,
      [environmentId],
    );
    return toSubjects(rows);
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

/** @param rows those of an environment one after another, with its app first */
function toSubjects(rows: readonly Row[]): HealthSubject[] {
  const byId = new Map<string, Row[]>();
  for (const row of rows) byId.set(row.environmentId, [...(byId.get(row.environmentId) ?? []), row]);
  return [...byId.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : toSubject(first, others),
  );
}

function toSubject(app: Row, others: readonly Row[]): HealthSubject {
  const { environmentId, projectId, hostname, deploymentId, moves, now, liveSince, previous: whole } = app;
  const settings = deploymentSettings(app.spec as Partial<DeploymentSettings>);
  const containers = containersOf(settings);
  const facts = [app, ...others].flatMap(({ name, ...row }) => {
    const container = containers.find((one) => one.name === name);
    if (container === undefined) return [];
    const { exits, exitCount, runningSince, outOfMemoryAt, agentSeenAt, heldUntil, previousOfContainer } =
      row;
    const running = runningSince === null ? null : { since: runningSince, outOfMemoryAt };
    // A version that has just gone live has a health, and its containers have none yet.
    const own = previousOfContainer ?? (whole === null ? null : { ...whole, restarts: 0 });
    return [{ container, exits, exitCount, running, agentSeenAt, heldUntil, previous: own }];
  });
  return {
    ...{ environmentId, projectId, hostname, deploymentId, moves, settings, now, liveSince },
    previous: whole,
    containers: facts,
  };
}
