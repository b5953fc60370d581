import { MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { affected, DeploymentEntity, queryNamed, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { claimBuild, IS_TOO_EARLY } from './transitions/build.js';

/** A build that nobody works on. */
export interface IdleBuild {
  readonly id: string;
  readonly environmentId: string;
  readonly status: 'queued' | 'building';
  readonly attempt: number;
}

/** How builders take builds, keep them, and find the ones whose builder is gone. */
@Injectable()
export class BuildClaims {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Takes a build, in a transaction of its own; see `claimBuild`. */
  claim(deploymentId: string, leaseMs: number, quietMs: number): Promise<DeploymentEntity | null> {
    return this.unitOfWork.run((transaction) => claimBuild(transaction, deploymentId, leaseMs, quietMs));
  }

  /** Milliseconds until a build that it is too early for may be taken; null when it is not that. */
  async earliness(deploymentId: string, quietMs: number): Promise<number | null> {
    const [row] = await queryNamed<{ wait: number }>(
      this.unitOfWork.manager,
      `SELECT extract(epoch FROM queued_at - now())::float8 * 1000 + :quietMs AS wait FROM deployments deployment
       WHERE id = :deploymentId AND status = 'queued' AND ${IS_TOO_EARLY}`,
      { deploymentId, quietMs },
    );
    return row?.wait ?? null;
  }

  /** Keeps a build; false when it was taken away: cancelled, superseded, or given to another builder. */
  async renew(deploymentId: string, attempt: number, leaseMs: number): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE deployments SET lease_until = now() + make_interval(secs => $3 / 1000.0)
         WHERE id = $1 AND attempt = $2 AND status = 'building'`,
        [deploymentId, attempt, leaseMs],
      ),
    );
  }

  /**
   * Gives a build back that was interrupted because this builder stops: it does not count as an attempt, and
   * may be taken again at once.
   */
  async requeue(deploymentId: string, attempt: number): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE deployments SET lease_until = now() - interval '1 second',
           attempt = attempt + 1, given_back = given_back + 2
         WHERE id = $1 AND attempt = $2 AND status = 'building'`,
        [deploymentId, attempt],
      ),
    );
  }

  /** Builds that lost their builder for the last time. */
  async findLost(): Promise<DeploymentEntity[]> {
    return this.unitOfWork.manager
      .createQueryBuilder(DeploymentEntity, 'deployment')
      .where(`status = 'building' AND lease_until < now() AND attempt - given_back >= :most`, {
        most: MAX_BUILD_ATTEMPTS,
      })
      .limit(100)
      .getMany();
  }

  /**
   * Builds that nobody works on though they could be: their job was lost, or their builder was.
   *
   * @param olderThanMs leaves alone what was queued just now and is probably on its way
   */
  findIdle(olderThanMs: number): Promise<IdleBuild[]> {
    return this.unitOfWork.manager.query<IdleBuild[]>(
      `SELECT id, environment_id AS "environmentId", status, attempt FROM deployments waiting
       WHERE (status = 'building' AND lease_until < now() AND attempt - given_back < $2)
          OR (status = 'queued' AND queued_at < now() - make_interval(secs => $1 / 1000.0)
              AND NOT EXISTS (SELECT 1 FROM deployments present
                              WHERE present.environment_id = waiting.environment_id
                                AND present.status = 'building'))
       ORDER BY queued_at LIMIT 200`,
      [olderThanMs, MAX_BUILD_ATTEMPTS],
    );
  }

  /** Lets a build be tried again at once, by whoever comes first; the attempt that it took counts. */
  async retry(deploymentId: string, attempt: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE deployments SET lease_until = now() - interval '1 second'
       WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      [deploymentId, attempt],
    );
  }
}
