import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** A statement that Postgres parses and plans once per connection, for the few that run all the time. */
export interface PreparedQuery {
  /** Unique among all prepared queries. */
  readonly name: string;
  readonly text: string;
}

/**
 * Runs a prepared query outside any transaction, bypassing TypeORM. When it rejects, the locks of the statement are
 * already released.
 */
export async function runPrepared<Row extends object>(
  dataSource: DataSource,
  { name, text }: PreparedQuery,
  values: readonly unknown[],
): Promise<Row[]> {
  const pool = (dataSource.driver as PostgresDriver).master as Pool;
  const client = await pool.connect();
  let isBroken = false;
  try {
    const { rows } = await client.query<Row>({ name, text, values: [...values] });
    return rows;
  } catch (error) {
    isBroken = !(await isResponsive(client));
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/** Waits for the next query to be answered: Postgres reports an error before it releases the locks. */
async function isResponsive(client: PoolClient): Promise<boolean> {
  return client.query('SELECT').then(
    () => true,
    () => false,
  );
}
