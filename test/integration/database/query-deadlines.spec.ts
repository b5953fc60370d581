import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource } from '@nexos/database';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

/** Milliseconds that a query may take. */
const DEADLINE_MS = 500;

let dataSource: DataSource;
beforeAll(async () => {
  const { DATABASE_URL } = inject('system').env;
  const { database } = loadConfig({ database: DatabaseConfig }, { DATABASE_URL });
  dataSource = await createDataSource(database, DEADLINE_MS).initialize();
});
afterAll(() => dataSource.destroy());

/** Keeps this process from doing anything, as a busy machine would. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('the deadline of queries', () => {
  it('ends a query that Postgres does not answer in time', async () => {
    await expect(dataSource.query('SELECT pg_sleep(3600)')).rejects.toThrow(
      'Postgres did not answer in time',
    );
  });

  it('spares a query whose answer has arrived while the process was held up', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    try {
      const answer = runner.query('SELECT 1 AS one');
      await nextTurn();
      block(DEADLINE_MS * 2);
      expect(await answer).toEqual([{ one: 1 }]);
    } finally {
      await runner.release();
    }
  });
});
