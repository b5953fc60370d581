import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/**
 * Waits until the schema has all migrations that this process knows: the API migrates, workers do not.
 *
 * @param onWaiting called once, if it has to wait
 * @throws when the schema is still behind after the deadline
 */
export async function waitForSchema(
  dataSource: DataSource,
  onWaiting: () => void,
  deadlineMs = 120_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (let waited = false; await isBehind(dataSource); waited = true) {
    if (Date.now() > deadline) throw new Error('the database schema is out of date: run the migrations');
    if (!waited) onWaiting();
    await wait(250);
  }
}

/**
 * Returns whether migrations are missing. TypeORM's own check would create the migrations table, and so conflict with
 * other processes.
 */
async function isBehind(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ exists: boolean }[]>(
    `SELECT to_regclass('migrations') IS NOT NULL AS exists`,
  );
  if (row?.exists !== true) return true;
  const ran = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
  const names = new Set(ran.map(({ name }) => name));
  return dataSource.migrations.some(({ name }) => name === undefined || !names.has(name));
}
