import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** A statement that Postgres parses and plans once per connection; for the few that are asked all the time. */
export interface PreparedQuery {
  /** Unique among all of them. */
  readonly name: string;
  readonly text: string;
}

/** Runs one by itself, outside of any transaction, past what TypeORM would do around it. */
export async function runPrepared<Row extends object>(
  dataSource: DataSource,
  { name, text }: PreparedQuery,
  values: readonly unknown[],
): Promise<Row[]> {
  const pool = (dataSource.driver as PostgresDriver).master as Pool;
  const { rows } = await pool.query<Row>({ name, text, values: [...values] });
  return rows;
}
