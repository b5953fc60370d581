import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/**
 * Waits until the schema is the one this process was built for: the API migrates, workers do not.
 *
 * @param onWaiting called once, when there is something to wait for
 * @throws when it is not there after the deadline
 */
export async function waitForSchema(
  dataSource: DataSource,
  onWaiting: () => void,
  deadlineMs = 120_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (let waited = false; await isBehind(dataSource); waited = true) {
    if (Date.now() > deadline) throw new Error('the database schema is not up to date: run the migrations');
    if (!waited) onWaiting();
    await wait(250);
  }
}

/** TypeORM's own question makes the table of migrations where there is none, and so gets in the way of others. */
async function isBehind(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ exists: boolean }[]>(
    `SELECT to_regclass('migrations') IS NOT NULL AS exists`,
  );
  if (row?.exists !== true) return true;
  const ran = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
  const names = new Set(ran.map(({ name }) => name));
  return dataSource.migrations.some(({ name }) => name === undefined || !names.has(name));
}
