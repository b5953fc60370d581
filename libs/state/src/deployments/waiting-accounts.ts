import {
  buildTurns,
  type Limits,
  limitsOf,
  type OwnLimits,
  type PlanName,
  startableBuilds,
  type WaitingAccount,
} from '@nexos/domain';
import { queryNamed } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { claimableAfter, IS_LOST } from './transitions/build.js';

/** An account with a build that could start now, and its limits. */
export interface LimitedAccount extends WaitingAccount {
  readonly limits: Limits;
}

/** A build that may start now. */
export interface StartableBuild {
  readonly id: string;
  readonly attempt: number;
  /** How long its deployment has been queued, in milliseconds. */
  readonly queuedMs: number;
}

interface Moment {
  /** See `claimBuild`. */
  readonly quietMs: number;
  /** A running build that counts as ended. */
  readonly endedId?: string;
}

type Row = Omit<LimitedAccount, 'limits' | 'concurrentBuilds'> & {
  readonly plan: PlanName;
  readonly ownLimits: OwnLimits;
};

/**
 * SQL: all builds that are queued or run, with what they do. The state of those that can neither start nor run is null. To be
 * materialized, since Postgres would else compute the state again wherever it is used.
 */
const UNBUILT = `
  SELECT deployment.id, deployment.attempt, deployment.queued_at, deployment.waiting_since, project.account_id,
    CASE
      WHEN deployment.status = 'queued' THEN CASE WHEN ${claimableAfter(':endedId')} THEN 'queued' END
      WHEN deployment.lease_until < now() THEN CASE WHEN ${IS_LOST} THEN 'lost' END
      ELSE 'running'
    END AS state
  FROM deployments deployment JOIN projects project ON project.id = deployment.project_id
  WHERE deployment.status IN ('queued', 'building') AND deployment.id <> :endedId`;

/** Returns the accounts with a build that could start, if their limits allow it. */
export async function waitingAccounts(
  manager: EntityManager,
  { quietMs, endedId = '' }: Moment,
): Promise<LimitedAccount[]> {
  const rows = await queryNamed<Row>(
    manager,
    `WITH unbuilt AS MATERIALIZED (${UNBUILT}), counted AS (
       SELECT account_id,
         (count(*) FILTER (WHERE state = 'running'))::integer AS running,
         (count(*) FILTER (WHERE state = 'lost'))::integer AS lost,
         (count(*) FILTER (WHERE state = 'queued'))::integer AS queued,
         min(waiting_since) FILTER (WHERE state IN ('lost', 'queued')) AS waiting_since
       FROM unbuilt GROUP BY account_id)
     SELECT account.id AS "accountId", account.plan, account.limits AS "ownLimits",
       counted.running, counted.lost, counted.queued, counted.waiting_since AS "waitingSince",
       (SELECT max(run.started_at) FROM build_runs run WHERE run.account_id = account.id) AS "lastStartedAt"
     FROM counted JOIN accounts account ON account.id = counted.account_id
     WHERE counted.lost + counted.queued > 0`,
    { quietMs, endedId },
  );
  return rows.map(({ plan, ownLimits, ...account }) => {
    const limits = limitsOf(plan, ownLimits);
    return { ...account, limits, concurrentBuilds: limits.concurrent_builds };
  });
}

/** Returns the builds that may start now, in the order of their turns, at most `limit`. */
export async function findStartableBuilds(
  manager: EntityManager,
  { quietMs, endedId = '' }: Moment,
  limit: number,
): Promise<StartableBuild[]> {
  const turns = buildTurns(await waitingAccounts(manager, { quietMs, endedId }));
  if (turns.length === 0) return [];
  return queryNamed<StartableBuild>(
    manager,
    `WITH unbuilt AS MATERIALIZED (${UNBUILT}), placed AS (
       SELECT unbuilt.*, row_number()
         OVER (PARTITION BY account_id ORDER BY state = 'queued', waiting_since, id) AS place
       FROM unbuilt WHERE state IN ('lost', 'queued'))
     SELECT placed.id, placed.attempt, extract(epoch FROM now() - placed.queued_at)::float8 * 1000 AS "queuedMs"
     FROM placed
     JOIN unnest(:accountIds::text[], :startable::integer[])
       WITH ORDINALITY AS account (id, startable, turn) ON account.id = placed.account_id
     WHERE placed.place <= account.startable
     ORDER BY account.turn, placed.place LIMIT :limit`,
    {
      quietMs,
      endedId,
      limit,
      accountIds: turns.map(({ accountId }) => accountId),
      startable: turns.map(startableBuilds),
    },
  );
}
