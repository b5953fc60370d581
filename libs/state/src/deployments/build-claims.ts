import { MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { affected, DeploymentEntity, queryNamed, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { endBuildRuns } from '../build-usage/build-runs.js';
import { claimBuild, IS_TOO_EARLY } from './transitions/build.js';
import { claimNextBuild, type NextBuild } from './transitions/claim-next.js';

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

  /**
   * Claims the build whose turn it is; see `claimNextBuild`. Builds of accounts without build minutes fail on the way, each in
   * its own transaction.
   */
  async claimNext(leaseMs: number, quietMs: number): Promise<Exclude<NextBuild, { kind: 'refused' }>> {
    for (;;) {
      const next = await this.unitOfWork.run((transaction) => claimNextBuild(transaction, leaseMs, quietMs));
      if (next.kind !== 'refused') return next;
    }
  }

  /** Claims one build in its own transaction, whosever turn it is; see `claimBuild`. */
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

  /** Returns whether a deployment still waits for its build. */
  isQueued(deploymentId: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(DeploymentEntity, { id: deploymentId, status: 'queued' });
  }

  /** Renews the lease of a build; false when it was lost: cancelled, superseded, or claimed by another builder. */
  async renew(deploymentId: string, attempt: number, leaseMs: number): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(
      `WITH renewed AS (
         UPDATE deployments SET lease_until = now() + make_interval(secs => $3 / 1000.0)
         WHERE id = $1 AND attempt = $2 AND status = 'building' RETURNING id
       ), metered AS (
         UPDATE build_runs run SET renewed_at = now() FROM renewed
         WHERE run.deployment_id = renewed.id AND run.attempt = $2 AND run.ended_at IS NULL
       )
       SELECT id FROM renewed`,
      [deploymentId, attempt, leaseMs],
    );
    return rows.length > 0;
  }

  /**
   * Hands back a build interrupted by this builder's shutdown: the attempt does not count, and another builder may
   * claim the build at once.
   */
  requeue(deploymentId: string, attempt: number): Promise<boolean> {
    return this.release(
      `UPDATE deployments SET lease_until = now() - interval '1 second',
         attempt = attempt + 1, given_back = given_back + 2
       WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      deploymentId,
      attempt,
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
    await this.release(
      `UPDATE deployments SET lease_until = now() - interval '1 second'
       WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      deploymentId,
      attempt,
    );
  }

  /** Releases a build by this statement, and ends its run; false when this builder no longer holds it. */
  private release(statement: string, deploymentId: string, attempt: number): Promise<boolean> {
    return this.unitOfWork.run(async ({ manager }) => {
      const isReleased = affected(await manager.query(statement, [deploymentId, attempt]));
      if (isReleased) await endBuildRuns(manager, [deploymentId], { byBuilder: true });
      return isReleased;
    });
  }
}
