import { type Limits, limitsOf, type OwnLimits, type PlanName } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** An account whose row is locked, so that nothing else is admitted for it until the transaction ends. */
export interface LockedAccount {
  readonly id: string;
  readonly limits: Limits;
}

interface Row {
  readonly id: string;
  readonly plan: PlanName;
  readonly limits: OwnLimits;
}

/**
 * Locks an account, so that what is admitted for it is admitted one by one, through all processes. Every transaction that
 * makes an account use more calls this first, and reads the usage in a later statement, which sees what the previous holder has
 * committed.
 *
 * Transactions lock in the order project, branch, account, environment, so that they cannot deadlock. A second call in the same
 * transaction costs nothing.
 */
export function lockAccount(manager: EntityManager, accountId: string): Promise<LockedAccount> {
  return lockOne(manager, '$1', accountId);
}

/** Locks the account that an environment belongs to. */
export function lockAccountOf(manager: EntityManager, environmentId: string): Promise<LockedAccount> {
  const owner = `(SELECT project.account_id FROM environments environment
    JOIN projects project ON project.id = environment.project_id WHERE environment.id = $1)`;
  return lockOne(manager, owner, environmentId);
}

/**
 * Locks the accounts of a transaction that admits work for several, always in the same order. Whoever locks them one by one
 * afterwards cannot deadlock.
 */
export async function lockAccounts({ manager }: Transaction, accountIds: readonly string[]): Promise<void> {
  await manager.query('SELECT 1 FROM accounts WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE', [
    accountIds,
  ]);
}

async function lockOne(manager: EntityManager, id: string, value: string): Promise<LockedAccount> {
  // Inserts of rows that refer to the account do not wait for this lock.
  const [row] = await manager.query<Row[]>(
    `SELECT id, plan, limits FROM accounts WHERE id = ${id} FOR NO KEY UPDATE`,
    [value],
  );
  if (row === undefined) throw new Error(`${value} has no account`);
  return { id: row.id, limits: limitsOf(row.plan, row.limits) };
}
