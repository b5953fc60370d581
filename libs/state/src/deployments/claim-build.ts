import { MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { affected, DeploymentEntity, postgresErrorCode } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The environment builds something else (23505), or somebody is changing it right now (40P01); it comes up again. */
const NOT_TO_BE_HAD = ['23505', '40P01'];

/** Of a queued deployment: its environment began another build just now, and a still newer push may come. */
const TOO_EARLY = `(
  queued_at > now() - make_interval(secs => $quiet / 1000.0)
  AND EXISTS (SELECT 1 FROM deployments other
              WHERE other.environment_id = deployments.environment_id AND other.id <> deployments.id
                AND other.started_at > now() - make_interval(secs => $quiet / 1000.0)))`;

/** A build that nobody works on. */
export interface IdleBuild {
  readonly id: string;
  readonly environmentId: string;
  readonly status: 'queued' | 'building';
  readonly attempt: number;
}

type Taken = Pick<DeploymentEntity, 'attempt' | 'givenBack'>;

/** How builders take builds, keep them, and find the ones whose builder is gone. */
@Injectable()
export class BuildClaims {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes a build that waits, or one whose builder has not been heard of. Null when it is not to be had:
   * somebody has it, it is over, its environment is building something else, or it is too early.
   *
   * @param quietMs how long an environment that has just begun a build leaves the next push alone, for a still
   *   newer one to come; a first push does not wait
   */
  async claim(deploymentId: string, leaseMs: number, quietMs: number): Promise<DeploymentEntity | null> {
    const taken = await this.take(deploymentId, leaseMs, quietMs);
    if (taken === null) return null;
    const deployment = await this.dataSource.manager.findOneByOrFail(DeploymentEntity, { id: deploymentId });
    // What was read a moment later may be the next holder's attempt; ours is the one that the claim answered.
    return Object.assign(deployment, taken);
  }

  /** Milliseconds until a build that it is too early for may be taken; null when it is not that. */
  async earliness(deploymentId: string, quietMs: number): Promise<number | null> {
    const [row] = await this.dataSource.query<{ wait: number }[]>(
      `SELECT extract(epoch FROM queued_at - now())::float8 * 1000 + $2 AS wait FROM deployments
       WHERE id = $1 AND status = 'queued' AND ${TOO_EARLY.replaceAll('$quiet', '$2')}`,
      [deploymentId, quietMs],
    );
    return row?.wait ?? null;
  }

  /** Keeps a build; false when it was taken away: cancelled, superseded, or given to another builder. */
  async renew(deploymentId: string, attempt: number, leaseMs: number): Promise<boolean> {
    return affected(
      await this.dataSource.query(
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
  async requeue(manager: EntityManager, deploymentId: string, attempt: number): Promise<boolean> {
    return affected(
      await manager.query(
        `UPDATE deployments SET lease_until = now() - interval '1 second',
           attempt = attempt + 1, given_back = given_back + 2
         WHERE id = $1 AND attempt = $2 AND status = 'building'`,
        [deploymentId, attempt],
      ),
    );
  }

  /** Builds that lost their builder for the last time. */
  async findLost(): Promise<DeploymentEntity[]> {
    return this.dataSource.manager
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
    return this.dataSource.query<IdleBuild[]>(
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
    await this.dataSource.query(
      `UPDATE deployments SET lease_until = now() - interval '1 second'
       WHERE id = $1 AND attempt = $2 AND status = 'building'`,
      [deploymentId, attempt],
    );
  }

  private async take(deploymentId: string, leaseMs: number, quietMs: number): Promise<Taken | null> {
    try {
      const [rows] = await this.dataSource.query<[Taken[], number]>(
        `UPDATE deployments SET status = 'building', attempt = attempt + 1,
           started_at = coalesce(started_at, now()),
           lease_until = now() + make_interval(secs => $2 / 1000.0)
         WHERE id = $1 AND ((status = 'queued' AND NOT ${TOO_EARLY.replaceAll('$quiet', '$4')})
           OR (status = 'building' AND lease_until < now() AND attempt - given_back < $3))
         RETURNING attempt, given_back AS "givenBack"`,
        [deploymentId, leaseMs, MAX_BUILD_ATTEMPTS, quietMs],
      );
      return rows[0] ?? null;
    } catch (error) {
      if (isTakenByOther(error)) return null;
      throw error;
    }
  }
}

function isTakenByOther(error: unknown): boolean {
  return NOT_TO_BE_HAD.includes(postgresErrorCode(error) ?? '');
}
