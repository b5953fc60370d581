import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** A statement that Postgres parses and plans once per connection; for the few that are asked all the time. */
export interface PreparedQuery {
  /** Unique among all of them. */
  readonly name: string;
  readonly text: string;
}

/**
 * Runs one by itself, outside of any transaction, past what TypeORM would do around it. Once it rejects, nothing that the
 * statement had locked is locked any more.
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
    isBroken = !(await answersAgain(client));
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/** Postgres tells of an error before it lets go of the locks, and answers the next question after that. */
async function answersAgain(client: PoolClient): Promise<boolean> {
  return client.query('SELECT').then(
    () => true,
    () => false,
  );
}
