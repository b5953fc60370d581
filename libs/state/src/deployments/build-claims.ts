import { MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { affected, DeploymentEntity, queryNamed, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { claimBuild, IS_TOO_EARLY } from './transitions/build.js';

/** A build that no builder holds. */
export interface IdleBuild {
  readonly id: string;
  readonly environmentId: string;
  readonly status: 'queued' | 'building';
  readonly attempt: number;
}

/** Claims, renews and releases builds for builders, and finds those whose builder died. */
@Injectable()
export class BuildClaims {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Claims a build in its own transaction; see `claimBuild`. */
  claim(deploymentId: string, leaseMs: number, quietMs: number): Promise<DeploymentEntity | null> {
    return this.unitOfWork.run((transaction) => claimBuild(transaction, deploymentId, leaseMs, quietMs));
  }

  /** Returns the milliseconds until a build that is too early may be claimed; null when it is not too early. */
  async msUntilClaimable(deploymentId: string, quietMs: number): Promise<number | null> {
    const [row] = await queryNamed<{ wait: number }>(
      this.unitOfWork.manager,
      `SELECT extract(epoch FROM queued_at - now())::float8 * 1000 + :quietMs AS wait FROM deployments deployment
       WHERE id = :deploymentId AND status = 'queued' AND ${IS_TOO_EARLY}`,
      { deploymentId, quietMs },
    );
    return row?.wait ?? null;
  }

  /** Renews the lease of a build; false when it was lost: cancelled, superseded, or claimed by another builder. */
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
   * Hands back a build interrupted by this builder's shutdown: the attempt does not count, and another builder may
   * claim the build at once.
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

  /** Returns builds whose builder died in their last attempt. */
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
   * Returns builds that could run but that no builder holds: their job was lost, or their builder died.
   *
   * @param olderThanMs skips builds queued more recently, whose job is probably on its way
   */
  findUnclaimed(olderThanMs: number): Promise<IdleBuild[]> {
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

  /** Releases a build for an immediate retry by any builder; the failed attempt counts. */
  async retry(deploymentId: string, attempt: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE deployments SET lease_until = now() - interval '1 second'
       WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      [deploymentId, attempt],
    );
  }
}
