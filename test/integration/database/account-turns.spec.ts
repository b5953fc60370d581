import { UnitOfWork } from '@nexos/database';
import { AccountsRepository } from '@nexos/state';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AccountTurns } from '../../../apps/api/src/http/turns/account-turns.js';
import { ApiError } from '../../../apps/api/src/http/problems/api-error.js';
import { TestDatabase } from '../../support/database.js';

/** More than the connections of a process. */
const MANY = 25;

let database: TestDatabase;
let held: string;
let free: string;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  const accounts = database.repository(AccountsRepository);
  held = await accounts.ensureLocal({ name: 'held', plan: 'free', isOperator: false });
  free = await accounts.ensureLocal({ name: 'free', plan: 'free', isOperator: false });
});
afterAll(() => database.drop());

async function lockAccount(manager: EntityManager, id: string): Promise<string> {
  await manager.query('SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [id]);
  return id;
}

/** Runs `work` while another process holds the lock of the account. */
async function whileHeld<T>(accountId: string, work: () => Promise<T>): Promise<T> {
  const other = await database.connectAnother();
  try {
    return await new UnitOfWork(other).run(async ({ manager }) => {
      await lockAccount(manager, accountId);
      return work();
    });
  } finally {
    await other.destroy();
  }
}

it('leaves connections to others while an account is locked, and answers its requests with 503', async () => {
  const turns = new AccountTurns(database.unitOfWork, { accounts: 5, waitMs: 2_000, lockMs: 1_000 });
  const lock = (accountId: string) => turns.run(accountId, ({ manager }) => lockAccount(manager, accountId));
  await whileHeld(held, async () => {
    let ended = 0;
    const waiting = Array.from({ length: MANY }, () => lock(held).finally(() => ended++));
    const outcomes = Promise.allSettled(waiting);
    for (let request = 0; request < 3; request++) expect(await lock(free)).toBe(free);
    await database.unitOfWork.ping();
    expect(ended).toBeLessThan(MANY);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected' });
      const reason: unknown = (outcome as PromiseRejectedResult).reason;
      expect(reason).toBeInstanceOf(ApiError);
      expect(reason).toMatchObject({ kind: 'service-unavailable', retryAfterSeconds: 2 });
    }
  });
  expect(await lock(held)).toBe(held);
});

it('joins a transaction that is under way instead of waiting behind its own turn', async () => {
  const turns = new AccountTurns(database.unitOfWork, { accounts: 1, waitMs: 2_000, lockMs: 1_000 });
  const nested = turns.run(free, () => turns.run(free, ({ manager }) => lockAccount(manager, free)));
  expect(await nested).toBe(free);
});
