import {
  buildTurns,
  type Limits,
  limitsOf,
  MAX_BUILD_ATTEMPTS,
  type OwnLimits,
  type PlanName,
  type WaitingAccount,
} from '@nexos/domain';
import { type DeploymentEntity, queryNamed, type Transaction } from '@nexos/database';
import { excessOfBuildMinutes } from '../../build-usage/build-minutes-excess.js';
import { claimBuild, IS_CLAIMABLE } from './build.js';
import { failOverQuota } from './fail-over-quota.js';

/** What a builder gets when it asks for the next build. */
export type NextBuild =
  | { readonly kind: 'claimed'; readonly deployment: DeploymentEntity }
  /** The build whose turn it was has failed, since its account has no build minutes left. */
  | { readonly kind: 'refused'; readonly deploymentId: string }
  /** No build may start, or those that may are `busy`: another transaction has locked their environments. */
  | { readonly kind: 'none'; readonly isBusy: boolean };

interface QueuedBuild {
  readonly deploymentId: string;
  readonly environmentId: string;
}

interface Account extends WaitingAccount {
  readonly limits: Limits;
}

type Row = Omit<Account, 'limits' | 'concurrentBuilds'> & {
  readonly plan: PlanName;
  readonly ownLimits: OwnLimits;
};

/**
 * Claims the next build, whichever deployment that is of: first one whose builder was lost, and else the oldest of the account
 * whose turn it is. If that account has no build minutes left, the build fails.
 *
 * One claim at a time, so that each sees what the others have begun: an account never runs more builds than its limit.
 *
 * @param quietMs see `claimBuild`
 */
export async function claimNextBuild(
  transaction: Transaction,
  leaseMs: number,
  quietMs: number,
): Promise<NextBuild> {
  const { manager } = transaction;
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('build claims', 0))`);
  const claim = async ({ deploymentId }: QueuedBuild): Promise<NextBuild | null> => {
    const deployment = await claimBuild(transaction, deploymentId, leaseMs, quietMs);
    return deployment === null ? null : { kind: 'claimed', deployment };
  };
  const lost = await lockLostBuild(transaction);
  const taken = lost === null ? null : await claim(lost);
  if (taken !== null) return taken;

  const turns = buildTurns(await waitingAccounts(transaction, quietMs));
  for (const { accountId, limits } of turns) {
    const build = await lockOldestBuild(transaction, accountId, quietMs);
    if (build === null) continue;
    const excess = await excessOfBuildMinutes(manager, { id: accountId, limits });
    if (excess !== null) {
      await failOverQuota(transaction, build, excess);
      return { kind: 'refused', deploymentId: build.deploymentId };
    }
    const claimed = await claim(build);
    if (claimed !== null) return claimed;
  }
  return { kind: 'none', isBusy: turns.length > 0 };
}

/** Returns the accounts with a build that could start now, if their limits allow it. */
async function waitingAccounts({ manager }: Transaction, quietMs: number): Promise<Account[]> {
  const rows = await queryNamed<Row>(
    manager,
    `SELECT account.id AS "accountId", account.plan, account.limits AS "ownLimits",
       min(deployment.queued_at) AS "waitingSince",
       (SELECT count(*)::integer FROM deployments running JOIN projects owner ON owner.id = running.project_id
        WHERE running.status = 'building' AND owner.account_id = account.id) AS running,
       (SELECT max(run.started_at) FROM build_runs run WHERE run.account_id = account.id) AS "lastStartedAt"
     FROM deployments deployment
     JOIN projects project ON project.id = deployment.project_id
     JOIN accounts account ON account.id = project.account_id
     WHERE ${IS_CLAIMABLE} GROUP BY account.id`,
    { quietMs },
  );
  return rows.map(({ plan, ownLimits, ...account }) => {
    const limits = limitsOf(plan, ownLimits);
    return { ...account, limits, concurrentBuilds: limits.concurrent_builds };
  });
}

const QUEUED_BUILD = 'deployment.id AS "deploymentId", deployment.environment_id AS "environmentId"';

/**
 * Locks the environment of a build whose builder was lost. A sweep supersedes those behind which a newer one waits. Locked
 * environments are passed over, here and below: whoever has locked one may wait for something else, and all claims would
 * wait with it.
 */
async function lockLostBuild({ manager }: Transaction): Promise<QueuedBuild | null> {
  const [build] = await manager.query<QueuedBuild[]>(
    `SELECT ${QUEUED_BUILD} FROM deployments deployment
     JOIN environments environment ON environment.id = deployment.environment_id
     WHERE deployment.status = 'building' AND deployment.lease_until < now()
       AND deployment.attempt - deployment.given_back < $1
       AND NOT EXISTS (SELECT 1 FROM deployments newer
         WHERE newer.environment_id = deployment.environment_id AND newer.status = 'queued')
     ORDER BY deployment.lease_until LIMIT 1 FOR UPDATE OF environment SKIP LOCKED`,
    [MAX_BUILD_ATTEMPTS],
  );
  return build ?? null;
}

async function lockOldestBuild(
  { manager }: Transaction,
  accountId: string,
  quietMs: number,
): Promise<QueuedBuild | null> {
  const [build] = await queryNamed<QueuedBuild>(
    manager,
    `SELECT ${QUEUED_BUILD} FROM deployments deployment
     JOIN projects project ON project.id = deployment.project_id
     JOIN environments environment ON environment.id = deployment.environment_id
     WHERE project.account_id = :accountId AND ${IS_CLAIMABLE}
     ORDER BY deployment.queued_at, deployment.id LIMIT 1 FOR UPDATE OF environment SKIP LOCKED`,
    { accountId, quietMs },
  );
  return build ?? null;
}
