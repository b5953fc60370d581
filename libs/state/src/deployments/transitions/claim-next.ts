import { buildTurns, startableQueuedBuilds } from '@nexos/domain';
import { type DeploymentEntity, queryNamed, type Transaction } from '@nexos/database';
import { excessOfBuildMinutes } from '../../build-usage/build-minutes-excess.js';
import { type LimitedAccount, waitingAccounts } from '../waiting-accounts.js';
import { claimBuild, IS_CLAIMABLE, IS_LOST } from './build.js';
import { failOverQuota } from './fail-over-quota.js';
import { supersedeLostBuild } from './supersede.js';

/** What a builder gets when it asks for the next build. */
export type NextBuild =
  | { readonly kind: 'claimed'; readonly deployment: DeploymentEntity }
  /**
   * The build whose turn it was has ended instead: its account has no build minutes left, or its builder was lost and a newer
   * deployment waits.
   */
  | { readonly kind: 'ended'; readonly deploymentId: string }
  /** No build may start, or those that may are `busy`: another transaction has locked their environments. */
  | { readonly kind: 'none'; readonly isBusy: boolean };

interface LockedBuild {
  readonly deploymentId: string;
  readonly environmentId: string;
}

interface ClaimTimes {
  readonly leaseMs: number;
  /** See `claimBuild`. */
  readonly quietMs: number;
}

/**
 * Claims the next build, whichever deployment that is of: of the account whose turn it is, one whose builder was lost, and else
 * the one that has waited the longest. If that account has no build minutes left, the queued build fails.
 *
 * One claim at a time, so that each sees what the others have begun: an account never runs more builds than its limit.
 */
export async function claimNextBuild(transaction: Transaction, times: ClaimTimes): Promise<NextBuild> {
  const { manager } = transaction;
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('build claims', 0))`);
  const turns = buildTurns(await waitingAccounts(manager, times));
  for (const account of turns) {
    const next =
      (account.lost > 0 ? await claimLost(transaction, account, times) : null) ??
      (startableQueuedBuilds(account) > 0 ? await claimQueued(transaction, account, times) : null);
    if (next !== null) return next;
  }
  return { kind: 'none', isBusy: turns.length > 0 };
}

async function claimLost(
  transaction: Transaction,
  { accountId }: LimitedAccount,
  times: ClaimTimes,
): Promise<NextBuild | null> {
  const build = await lockBuild(transaction, accountId, IS_LOST, times);
  if (build === null) return null;
  const { deploymentId, environmentId } = build;
  if (await supersedeLostBuild(transaction, environmentId)) return { kind: 'ended', deploymentId };
  return claim(transaction, build, times);
}

async function claimQueued(
  transaction: Transaction,
  { accountId, limits }: LimitedAccount,
  times: ClaimTimes,
): Promise<NextBuild | null> {
  const build = await lockBuild(transaction, accountId, IS_CLAIMABLE, times);
  if (build === null) return null;
  const excess = await excessOfBuildMinutes(transaction.manager, { id: accountId, limits });
  if (excess === null) return claim(transaction, build, times);
  await failOverQuota(transaction, build, excess);
  return { kind: 'ended', deploymentId: build.deploymentId };
}

async function claim(
  transaction: Transaction,
  { deploymentId }: LockedBuild,
  { leaseMs, quietMs }: ClaimTimes,
): Promise<NextBuild | null> {
  const deployment = await claimBuild(transaction, deploymentId, leaseMs, quietMs);
  return deployment === null ? null : { kind: 'claimed', deployment };
}

/**
 * Locks the environment of the account's build that has waited the longest. Locked environments are passed over: whoever has
 * locked one may wait for something else, and all claims would wait with it.
 */
async function lockBuild(
  { manager }: Transaction,
  accountId: string,
  condition: string,
  { quietMs }: ClaimTimes,
): Promise<LockedBuild | null> {
  const [build] = await queryNamed<LockedBuild>(
    manager,
    `SELECT deployment.id AS "deploymentId", deployment.environment_id AS "environmentId"
     FROM deployments deployment
     JOIN projects project ON project.id = deployment.project_id
     JOIN environments environment ON environment.id = deployment.environment_id
     WHERE project.account_id = :accountId AND ${condition}
     ORDER BY deployment.waiting_since, deployment.id LIMIT 1 FOR UPDATE OF environment SKIP LOCKED`,
    { accountId, quietMs },
  );
  return build ?? null;
}
