import { type Excess, excessOf, QuotaExceededError } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { lockAccount, type LockedAccount } from './account-lock.js';
import { readUsage, readUsageWith, type ReservedUsage, type Without } from './usage.js';

/** A deployment that a transaction has just queued. */
export interface QueuedDeployment {
  readonly deploymentId: string;
  /** Whether its environment was created for it in the same transaction. */
  readonly isFirst: boolean;
}

/**
 * Admits another project of an account. The account stays locked until the transaction ends.
 *
 * @throws {QuotaExceededError}
 */
export async function admitProject({ manager }: Transaction, accountId: string): Promise<void> {
  const { limits } = await lockAccount(manager, accountId);
  const [row] = await manager.query<{ count: number }[]>(
    `SELECT count(*)::integer AS count FROM projects WHERE account_id = $1 AND status <> 'deleted'`,
    [accountId],
  );
  const count = row?.count ?? 0;
  throwIf(excessOf('max_projects', limits, count, count + 1));
}

/** Returns why a deployment must not run; null when it may. Call it with the account locked before it was queued. */
export async function excessOfDeployment(
  manager: EntityManager,
  account: LockedAccount,
  { deploymentId, isFirst }: QueuedDeployment,
): Promise<Excess | null> {
  const { limits } = account;
  const after = await readUsageWith(manager, account.id, deploymentId);
  const { environments, containers, liveContainers } = after;
  const added = isFirst ? 1 : 0;
  return (
    excessOf('environments_per_project', limits, environments - added, environments) ??
    excessOf('containers_per_environment', limits, liveContainers, containers) ??
    excessOfUsage(manager, account, after, { deploymentId })
  );
}

/**
 * Admits what a transaction has changed: the CPU and memory of the account now, compared with those without the change.
 *
 * @param without what was changed
 * @throws {QuotaExceededError}
 */
export async function assertUsage(
  manager: EntityManager,
  account: LockedAccount,
  without: Without,
): Promise<void> {
  throwIf(await excessOfUsage(manager, account, await readUsage(manager, account.id), without));
}

/** Throws the excess of a request, unless it is null. */
export function throwIf(excess: Excess | null): void {
  if (excess !== null) throw new QuotaExceededError(excess);
}

/** @param without what has changed; the usage without it is read only if a limit is exceeded */
async function excessOfUsage(
  manager: EntityManager,
  { id, limits }: LockedAccount,
  after: ReservedUsage,
  without: Without,
): Promise<Excess | null> {
  if (after.cpu <= limits.max_cpu && after.memoryMb <= limits.max_memory_mb) return null;
  const before = await readUsage(manager, id, without);
  return (
    excessOf('max_cpu', limits, before.cpu, after.cpu) ??
    excessOf('max_memory_mb', limits, before.memoryMb, after.memoryMb)
  );
}
