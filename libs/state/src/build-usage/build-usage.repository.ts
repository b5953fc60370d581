import {
  type BuildMinutesLevel,
  buildMinutesLevel,
  limitsOf,
  type OwnLimits,
  type PlanName,
  type QuotaPeriod,
  quotaPeriod,
} from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { RUN_END } from './build-runs.js';
import { usedBuildSeconds, usedSecondsOf } from './used-build-seconds.js';

/** A run of a build that has ended and is not yet part of the daily figures. */
export interface UnmeteredRun {
  readonly deploymentId: string;
  readonly attempt: number;
  readonly accountId: string;
}

/** What the builds of a project took on a day. */
export interface DailyUsage {
  /** `YYYY-MM-DD`, in UTC. */
  readonly date: string;
  readonly projectId: string;
  readonly builds: number;
  readonly seconds: number;
}

/** A range of days, both included, as `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** A day of a project whose stored figures differ from those of its runs. */
export interface UsageDrift {
  readonly accountId: string;
  readonly projectId: string;
  readonly date: string;
  /** The stored seconds less those of the runs. */
  readonly seconds: number;
  /** The stored builds less those of the runs. */
  readonly builds: number;
}

interface AccountLevel {
  readonly id: string;
  readonly plan: PlanName;
  readonly limits: OwnLimits;
  readonly level: BuildMinutesLevel;
  readonly seconds: number;
}

/** Runs are kept longer than this, so these days can be computed again. */
const DRIFT_DAYS = 60;

/** SQL: the days of the run `run` until `end`, with its seconds on each. Its first run counts as a build on its first day. */
const daysOf = (end: string) => `CROSS JOIN LATERAL (
  SELECT at::date AS day,
    CASE WHEN run.attempt = 1 AND at <= run.started_at AT TIME ZONE 'UTC' THEN 1 ELSE 0 END AS builds,
    extract(epoch FROM least(${end} AT TIME ZONE 'UTC', at + interval '1 day')
      - greatest(run.started_at AT TIME ZONE 'UTC', at)) AS seconds
  FROM generate_series(date_trunc('day', run.started_at AT TIME ZONE 'UTC'), ${end} AT TIME ZONE 'UTC',
    interval '1 day') AS at) AS part`;

/** Meters builds: ended runs are added, once, to the daily figures of their project. */
@Injectable()
export class BuildUsageRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** See `usedBuildSeconds`. */
  usedSeconds(accountId: string, period: QuotaPeriod): Promise<number> {
    return usedBuildSeconds(this.unitOfWork.manager, accountId, period);
  }

  /**
   * Returns the figures of the account's projects for each day with a build, oldest first, plus one row more if there is a
   * next page. Builds that are running or not yet metered are included.
   */
  daily(
    accountId: string,
    { from, to }: DayRange,
    { limit, after }: { limit: number; after: { date: string; projectId: string } | null },
  ): Promise<DailyUsage[]> {
    return this.unitOfWork.manager.query<DailyUsage[]>(
      `SELECT to_char(day, 'YYYY-MM-DD') AS date, project_id AS "projectId", sum(builds)::integer AS builds,
         sum(seconds)::float8 AS seconds
       FROM (
         SELECT day, project_id, builds, seconds FROM build_usage
         WHERE account_id = $1 AND day BETWEEN $2::date AND $3::date
         UNION ALL
         SELECT part.day, run.project_id, part.builds, part.seconds FROM build_runs run ${daysOf(RUN_END)}
         WHERE run.account_id = $1 AND run.metered_at IS NULL AND part.day BETWEEN $2::date AND $3::date
       ) AS figures
       WHERE $4::date IS NULL OR (day, project_id) > ($4::date, $5::text)
       GROUP BY day, project_id HAVING sum(builds) > 0 OR sum(seconds) > 0
       ORDER BY day, project_id LIMIT $6`,
      [accountId, from, to, after?.date ?? null, after?.projectId ?? null, limit + 1],
    );
  }

  /** Returns ended runs that are not metered yet, at most `limit`, of other accounts than `except`. */
  findUnmetered(limit: number, except: readonly string[]): Promise<UnmeteredRun[]> {
    return this.unitOfWork.manager.query<UnmeteredRun[]>(
      `SELECT deployment_id AS "deploymentId", attempt, account_id AS "accountId" FROM build_runs
       WHERE metered_at IS NULL AND ended_at IS NOT NULL AND account_id <> ALL($2) ORDER BY ended_at LIMIT $1`,
      [limit, except],
    );
  }

  /** Adds runs to the daily figures. One statement marks and adds them, so each is added once, however often this runs. */
  async meter(runs: readonly UnmeteredRun[]): Promise<void> {
    await this.unitOfWork.manager.query(
      `WITH metered AS (
         UPDATE build_runs run SET metered_at = now()
         FROM unnest($1::text[], $2::integer[]) AS wanted (deployment_id, attempt)
         WHERE run.deployment_id = wanted.deployment_id AND run.attempt = wanted.attempt
           AND run.metered_at IS NULL AND run.ended_at IS NOT NULL
         RETURNING run.*
       )
       INSERT INTO build_usage AS known (account_id, day, project_id, builds, seconds)
       SELECT run.account_id, part.day, run.project_id, sum(part.builds), sum(part.seconds)
       FROM metered run ${daysOf('run.ended_at')}
       GROUP BY run.account_id, part.day, run.project_id
       ORDER BY run.account_id, part.day, run.project_id
       ON CONFLICT (account_id, day, project_id)
         DO UPDATE SET builds = known.builds + excluded.builds, seconds = known.seconds + excluded.seconds`,
      [runs.map(({ deploymentId }) => deploymentId), runs.map(({ attempt }) => attempt)],
    );
  }

  /**
   * Returns the accounts whose level changes without a build that ends: of those that build, and of those above `ok`, the ones
   * whose level is no longer right.
   */
  async accountsToSettle(): Promise<string[]> {
    const { start, end } = quotaPeriod(await this.unitOfWork.now());
    const rows = await this.unitOfWork.manager.query<AccountLevel[]>(
      `WITH changing AS (
         SELECT account_id AS id FROM build_runs WHERE metered_at IS NULL
         UNION SELECT id FROM accounts WHERE build_minutes_level <> 'ok'
       )
       SELECT account.id, account.plan, account.limits, account.build_minutes_level AS level,
         ${usedSecondsOf('account.id')} AS seconds
       FROM changing JOIN accounts account ON account.id = changing.id ORDER BY account.id`,
      [start, end],
    );
    return rows
      .filter(
        ({ plan, limits, level, seconds }) =>
          buildMinutesLevel(seconds, limitsOf(plan, limits).build_minutes) !== level,
      )
      .map(({ id }) => id);
  }

  /**
   * Ends the runs of builds that no longer run. Nothing should leave such a run open; a process of a version before there were
   * runs does, which cancels or supersedes a build during an upgrade.
   *
   * @returns how many there were
   */
  async endAbandonedRuns(): Promise<number> {
    const [, count] = await this.unitOfWork.manager.query<[unknown, number]>(
      `UPDATE build_runs run SET ended_at = ${RUN_END}
       WHERE run.metered_at IS NULL AND run.ended_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM deployments deployment
         WHERE deployment.id = run.deployment_id AND deployment.attempt = run.attempt
           AND deployment.status = 'building')`,
    );
    return count;
  }

  /** Computes the figures of the last days again from the runs, and returns those that differ from the stored ones. */
  findDrift(): Promise<UsageDrift[]> {
    return this.unitOfWork.manager.query<UsageDrift[]>(
      `WITH computed AS (
         SELECT run.account_id, run.project_id, part.day, sum(part.builds) AS builds, sum(part.seconds) AS seconds
         FROM build_runs run ${daysOf('run.ended_at')}
         WHERE run.metered_at IS NOT NULL AND part.day > now()::date - $1::integer
         GROUP BY run.account_id, run.project_id, part.day
       ), stored AS (
         SELECT account_id, project_id, day, builds, seconds FROM build_usage WHERE day > now()::date - $1::integer
       )
       SELECT account_id AS "accountId", project_id AS "projectId", to_char(day, 'YYYY-MM-DD') AS date,
         (coalesce(stored.seconds, 0) - coalesce(computed.seconds, 0))::float8 AS seconds,
         (coalesce(stored.builds, 0) - coalesce(computed.builds, 0))::integer AS builds
       FROM stored FULL JOIN computed USING (account_id, project_id, day)
       WHERE coalesce(stored.seconds, 0) <> coalesce(computed.seconds, 0)
         OR coalesce(stored.builds, 0) <> coalesce(computed.builds, 0)
       ORDER BY day, project_id LIMIT 100`,
      [DRIFT_DAYS],
    );
  }
}
