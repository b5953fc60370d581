import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IS_HELD } from '../health/held-restarts.repository.js';
import { IS_DUE_AGAIN } from './environment-errors.repository.js';

/** An environment that a worker should reconcile. */
export interface DueEnvironment {
  readonly id: string;
  readonly leaseEpoch: string;
}

const NOT_LEASED = '(environment.lease_until IS NULL OR environment.lease_until < now())';

/** Leaves out live versions with a container whose restart is held back. */
const NOT_HELD = `NOT EXISTS (
  SELECT 1 FROM container_health health
  WHERE health.environment_id = environment.id AND health.deployment_id = environment.live_deployment_id
    AND ${IS_HELD})`;

/** Finds environments that need a worker and have none. */
@Injectable()
export class DueEnvironmentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns unreconciled environments that no worker holds and whose next attempt is due. */
  findStalled(): Promise<DueEnvironment[]> {
    return this.unitOfWork.manager.query<DueEnvironment[]>(
      `SELECT id, lease_epoch AS "leaseEpoch" FROM environments environment
       WHERE generation <> observed_generation AND ${NOT_LEASED} AND ${IS_DUE_AGAIN}
       ORDER BY id LIMIT 500`,
    );
  }

  /** Returns failed environments that Nexos should try again now, and that no worker holds. */
  findRetryable(): Promise<DueEnvironment[]> {
    return this.unitOfWork.manager.query<DueEnvironment[]>(
      `SELECT id, lease_epoch AS "leaseEpoch" FROM environments environment
       WHERE retry_at <= now() AND failed_generation = generation AND desired_state = 'running'
         AND ${NOT_LEASED} AND ${IS_DUE_AGAIN}
       ORDER BY id LIMIT 500`,
    );
  }

  /**
   * Returns environments that should be running, but whose live version lacks a container and that no worker holds.
   *
   * @param running how many containers each deployment has
   */
  findStopped(running: ReadonlyMap<string, number>): Promise<DueEnvironment[]> {
    return this.unitOfWork.manager.query<DueEnvironment[]>(
      `SELECT environment.id, environment.lease_epoch AS "leaseEpoch" FROM environments environment
       JOIN deployments live ON live.id = environment.live_deployment_id
       LEFT JOIN unnest($1::text[], $2::integer[]) AS running (id, count) ON running.id = live.id
       WHERE environment.status = 'running' AND environment.desired_state = 'running'
         AND coalesce(running.count, 0) < 1 + coalesce(jsonb_array_length(live.spec->'containers'), 0)
         AND ${NOT_HELD} AND ${NOT_LEASED} AND ${IS_DUE_AGAIN}
       ORDER BY environment.id LIMIT 500`,
      [[...running.keys()], [...running.values()]],
    );
  }

  /** Returns running environments with an expired database backup. */
  findWithExpiredBackups(): Promise<DueEnvironment[]> {
    return this.unitOfWork.manager.query<DueEnvironment[]>(
      `SELECT DISTINCT environment.id, environment.lease_epoch AS "leaseEpoch" FROM database_backups backup
       JOIN environments environment ON environment.id = backup.environment_id
       WHERE backup.expires_at < now() AND environment.status = 'running'
         AND backup.generation < environment.observed_database_generation
         AND backup.generation IS DISTINCT FROM environment.restored_generation
         AND ${NOT_LEASED} AND ${IS_DUE_AGAIN}
       ORDER BY environment.id LIMIT 100`,
    );
  }
}
