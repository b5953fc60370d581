import { type DesiredState, type EnvironmentStatus } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Requests closer together than this are recorded once, so that a busy environment is not written at every poll. */
const RECORD_EVERY_SECONDS = 10;

/** The ingress's report on a host name. */
export interface HostRequests {
  readonly hostname: string;
  /** Milliseconds since its last request; 0 while a request or connection is open. */
  readonly idleMs: number;
}

/** An environment that may sleep. Times are milliseconds ago by the database's clock; null means never. */
export interface IdleCandidate {
  readonly id: string;
  readonly hostnames: readonly string[];
  readonly generation: string;
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly isSettled: boolean;
  readonly hasUnfinishedDeployment: boolean;
  readonly sleepAfterMinutes: number;
  readonly recordedRequestMs: number | null;
  readonly liveMs: number | null;
  readonly resumedMs: number | null;
  readonly createdMs: number;
}

export const UNFINISHED = `EXISTS (
  SELECT 1 FROM deployments unfinished
  WHERE unfinished.environment_id = environment.id AND unfinished.status IN ('queued', 'building', 'deploying'))`;
/** True while a user's command runs: it counts as use of the environment, and sleep must not end it. */
export const BUSY = `EXISTS (SELECT 1 FROM executions
  WHERE executions.environment_id = environment.id AND executions.status IN ('queued', 'running'))`;

/** Records when environments were last used, and finds those that may sleep. */
@Injectable()
export class IdleEnvironmentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Records when environments were last used, with one statement that never waits for locks. A locked row is written
   * at the next poll.
   */
  async recordRequests(requests: readonly HostRequests[]): Promise<void> {
    if (requests.length === 0) return;
    await this.unitOfWork.manager.query(
      `WITH used AS (
         SELECT environment.id, now() - make_interval(secs => seen.idle_ms / 1000.0) AS at
         FROM (SELECT hostnames.environment_id, min(host.idle_ms) AS idle_ms
               FROM unnest($1::text[], $2::float8[]) AS host (hostname, idle_ms)
               JOIN hostnames ON hostnames.hostname = host.hostname
               GROUP BY hostnames.environment_id) seen
         JOIN environments environment ON environment.id = seen.environment_id
         WHERE environment.last_request_at IS NULL
           OR environment.last_request_at < now() - make_interval(secs => seen.idle_ms / 1000.0 + $3)
         FOR UPDATE OF environment SKIP LOCKED
       )
       UPDATE environments SET last_request_at = used.at FROM used WHERE environments.id = used.id`,
      [requests.map(({ hostname }) => hostname), requests.map(({ idleMs }) => idleMs), RECORD_EVERY_SECONDS],
    );
  }

  /** Returns the running environments of projects that let them sleep. */
  findCandidates(): Promise<IdleCandidate[]> {
    const ago = (time: string) => `extract(epoch FROM now() - ${time})::float8 * 1000`;
    return this.unitOfWork.manager.query<IdleCandidate[]>(
      `SELECT environment.id, environment.generation,
         ARRAY(SELECT hostname FROM hostnames WHERE environment_id = environment.id) AS hostnames, environment.status,
         environment.desired_state AS "desiredState",
         environment.generation = environment.observed_generation AS "isSettled",
         (${UNFINISHED} OR ${BUSY}) AS "hasUnfinishedDeployment",
         project.sleep_after_minutes AS "sleepAfterMinutes",
         ${ago('environment.last_request_at')} AS "recordedRequestMs",
         ${ago('live.live_at')} AS "liveMs",
         ${ago('environment.resumed_at')} AS "resumedMs",
         ${ago('environment.created_at')} AS "createdMs"
       FROM projects project
       JOIN environments environment ON environment.project_id = project.id
         AND environment.status = 'running' AND environment.desired_state = 'running'
       LEFT JOIN deployments live ON live.id = environment.live_deployment_id
       WHERE project.sleep_after_minutes IS NOT NULL
       ORDER BY environment.id`,
    );
  }
}
