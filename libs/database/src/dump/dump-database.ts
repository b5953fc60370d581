import type { Readable } from 'node:stream';
import { type DatabaseConfig } from '@nexos/config';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** TypeORM's own table, which names the migrations that ran. */
export const MIGRATIONS_TABLE = 'migrations';

export interface DumpedTable {
  readonly name: string;
  /** Without generated columns. */
  readonly columns: readonly string[];
}

export interface DumpedSequence {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** What a dump contains beside the rows themselves. */
export interface DatabaseDump {
  /** The migrations that ran, in order. */
  readonly migrations: readonly string[];
  readonly tables: readonly DumpedTable[];
  readonly sequences: readonly DumpedSequence[];
}

/** Reads further rows of the dump's snapshot. */
export type SnapshotQuery = (sql: string) => Promise<Record<string, unknown>[]>;

/**
 * Streams all rows of one consistent snapshot, in the text format of COPY, while the apps run.
 *
 * @param write stores one table's rows
 * @param read reads further rows of the same snapshot
 */
export async function dumpDatabase<T>(
  config: DatabaseConfig,
  write: (table: string, rows: Readable) => Promise<void>,
  read: (query: SnapshotQuery) => Promise<T>,
): Promise<{ dump: DatabaseDump; read: T }> {
  const client = new pg.Client({ connectionString: config.url, application_name: 'nexos-backup' });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const query: SnapshotQuery = async (sql) => (await client.query<Record<string, unknown>>(sql)).rows;
    const migrations = await query(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
    const tables = await tablesOf(query);
    for (const { name, columns } of tables) {
      const list = columns.map((column) => client.escapeIdentifier(column)).join(', ');
      const rows = client.query(copyTo(`COPY ${client.escapeIdentifier(name)} (${list}) TO STDOUT`));
      await write(name, rows);
    }
    const dump = {
      migrations: migrations.map(({ name }) => String(name)),
      tables,
      sequences: await sequencesOf(query),
    };
    const result = await read(query);
    await client.query('COMMIT');
    return { dump, read: result };
  } finally {
    await client.end();
  }
}

async function tablesOf(query: SnapshotQuery): Promise<DumpedTable[]> {
  const rows = await query(`SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '${MIGRATIONS_TABLE}'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname`);
  return rows.map(({ name, columns }) => ({ name: String(name), columns: columns as string[] }));
}

async function sequencesOf(query: SnapshotQuery): Promise<DumpedSequence[]> {
  const names = await query(`SELECT relname AS name, quote_ident(relname) AS quoted FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`);
  const sequences: DumpedSequence[] = [];
  for (const { name, quoted } of names) {
    const [row] = await query(`SELECT last_value::text AS last, is_called AS called FROM ${String(quoted)}`);
    sequences.push({ name: String(name), lastValue: String(row?.last), isCalled: row?.called === true });
  }
  return sequences;
}
