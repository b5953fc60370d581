import { type QuotaPeriod } from '@nexos/domain';
import type { EntityManager } from 'typeorm';
import { RUN_END } from './build-runs.js';

/**
 * SQL: the seconds that an account's builds have run from `$1` to `$2`. See `usedBuildSeconds`.
 *
 * @param accountId SQL of the account's id
 */
export const usedSecondsOf = (accountId: string) => `(
  coalesce((SELECT sum(seconds) FROM build_usage
    WHERE account_id = ${accountId} AND day >= ($1::timestamptz AT TIME ZONE 'UTC')::date
      AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date), 0)
  + coalesce((SELECT sum(greatest(0, extract(epoch FROM
        least(${RUN_END}, $2::timestamptz) - greatest(run.started_at, $1::timestamptz))))
    FROM build_runs run WHERE run.account_id = ${accountId} AND run.metered_at IS NULL), 0))::float8`;

/**
 * Returns the seconds that an account's builds have run in a period, running ones included. One that ran across an end of
 * the period counts in part. It is right whether or not the quota worker has metered the builds.
 */
export async function usedBuildSeconds(
  manager: EntityManager,
  accountId: string,
  { start, end }: QuotaPeriod,
): Promise<number> {
  const [row] = await manager.query<{ seconds: number }[]>(`SELECT ${usedSecondsOf('$3')} AS seconds`, [
    start,
    end,
    accountId,
  ]);
  if (row === undefined) throw new Error('the used build minutes could not be computed');
  return row.seconds;
}
