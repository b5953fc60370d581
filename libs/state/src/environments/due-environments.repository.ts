import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IS_DUE_AGAIN } from './environment-errors.repository.js';

/** An environment that a worker should look at. */
export interface DueEnvironment {
  readonly id: string;
  readonly leaseEpoch: string;
}

const NOT_LEASED = '(environment.lease_until IS NULL OR environment.lease_until < now())';

/** Environments that need a worker and have none. */
@Injectable()
export class DueEnvironmentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Environments that differ from what is wanted of them, whose lease nobody holds, and that are due for an attempt. */
  findForgotten(): Promise<DueEnvironment[]> {
    return this.unitOfWork.manager.query<DueEnvironment[]>(
      `SELECT id, lease_epoch AS "leaseEpoch" FROM environments environment
       WHERE generation <> observed_generation AND ${NOT_LEASED} AND ${IS_DUE_AGAIN}
       ORDER BY id LIMIT 500`,
    );
  }

  /**
   * Environments that run as far as their rows say, whose live version is none of those that have a container, and whose
   * lease nobody holds.
   *
   * @param runningIds the deployments that have one
   */
  findStopped(runningIds: readonly string[]): Promise<DueEnvironment[]> {
    return this.unitOfWork.manager.query<DueEnvironment[]>(
      `SELECT id, lease_epoch AS "leaseEpoch" FROM environments environment
       WHERE status = 'running' AND desired_state = 'running' AND live_deployment_id IS NOT NULL
         AND live_deployment_id <> ALL ($1) AND ${NOT_LEASED} AND ${IS_DUE_AGAIN}
       ORDER BY id LIMIT 500`,
      [runningIds],
    );
  }

  /** Environments that run and have put a database aside for longer than it is kept. */
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
