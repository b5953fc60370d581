import { MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { affected, DeploymentEntity, queryNamed, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { endBuildRuns } from '../build-usage/build-runs.js';
import { IS_TOO_EARLY } from './transitions/build.js';
import { claimNextBuild, type NextBuild } from './transitions/claim-next.js';
import { findStartableBuilds, type StartableBuild } from './waiting-accounts.js';

/** More than builders begin between two sweeps. */
const MOST_UNCLAIMED = 200;

/** Claims, renews and releases builds for builders, and finds those whose builder died. */
@Injectable()
export class BuildClaims {
  /** Ends with the last claim of this process. */
  private claiming: Promise<void> = Promise.resolve();

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims the build whose turn it is; see `claimNextBuild`. Builds of accounts without build minutes fail on the way, each in
   * its own transaction, and so do lost builds end that a newer deployment supersedes.
   *
   * Claims of a process run one after the other. They would wait for each other in the database anyway, each with a connection
   * that the leases of running builds need.
   */
  claimNext(leaseMs: number, quietMs: number): Promise<Exclude<NextBuild, { kind: 'ended' }>> {
    const next = this.claiming.then(() => this.claimInTurn(leaseMs, quietMs));
    // The caller gets the error, and the next claim runs as usual.
    this.claiming = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
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
   * Returns builds that could start now but that no builder has begun: their job was lost, or their builder died. Builds that the
   * limit of their account holds back are not among them.
   *
   * @param olderThanMs skips builds queued more recently, whose job is probably on its way
   */
  async findUnclaimed(olderThanMs: number): Promise<StartableBuild[]> {
    const builds = await findStartableBuilds(
      this.unitOfWork.manager,
      { quietMs: olderThanMs },
      MOST_UNCLAIMED,
    );
    return builds.filter(({ queuedMs }) => queuedMs > olderThanMs);
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

  private async claimInTurn(
    leaseMs: number,
    quietMs: number,
  ): Promise<Exclude<NextBuild, { kind: 'ended' }>> {
    for (;;) {
      const next = await this.unitOfWork.run((transaction) =>
        claimNextBuild(transaction, { leaseMs, quietMs }),
      );
      if (next.kind !== 'ended') return next;
    }
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
