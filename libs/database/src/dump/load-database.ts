import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DatabaseConfig } from '@nexos/config';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../data-source.js';
import { migrate } from '../migrate.js';
import type { DatabaseDump, DumpedTable } from './dump-database.js';
import { inLoadingOrder } from './loading-order.js';

type Migrations = readonly { readonly name: string }[];

/** The dump cannot be loaded by this version, or into this database. */
export class DumpRefusedError extends Error {
  override readonly name = 'DumpRefusedError';
}

/**
 * Refuses a dump that a newer version wrote: its rows may not fit the schema.
 *
 * @throws {DumpRefusedError}
 */
export function assertKnownMigrations(config: DatabaseConfig, dump: Pick<DatabaseDump, 'migrations'>): void {
  const known = new Set(migrationsOf(config).map(({ name }) => name));
  const unknown = dump.migrations.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new DumpRefusedError(
    `The backup was written by a newer version of Nexos (migration ${unknown}). Restore it with that version.`,
  );
}

/** Returns whether the database has accounts or projects, and how many apps are connected to it. */
export async function databaseUse(config: DatabaseConfig): Promise<{ hasRows: boolean; apps: number }> {
  return await connected(config, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'nexos'`,
    );
    let hasRows = false;
    for (const table of ['accounts', 'projects']) {
      const known = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
        `public.${table}`,
      ]);
      if (known.rows[0]?.found !== true) continue;
      hasRows ||= ((await client.query(`SELECT FROM ${table} LIMIT 1`)).rowCount ?? 0) > 0;
    }
    return { hasRows, apps: rows[0]?.count ?? 0 };
  });
}

/**
 * Replaces the whole database by a dump: creates the schema as the dump's version had it, loads all rows in one
 * transaction, and then runs the migrations that came later. Safe to repeat after it was cut short.
 *
 * @param open returns the rows of one table
 * @param adjust changes loaded rows within the same transaction
 */
export async function loadDatabase(
  config: DatabaseConfig,
  dump: DatabaseDump,
  open: (table: string) => Promise<Readable>,
  adjust: (query: (sql: string, values: unknown[]) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  assertKnownMigrations(config, dump);
  await connected(config, (client) => client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
  const ran = new Set(dump.migrations);
  await migrateWith(
    config,
    migrationsOf(config).filter(({ name }) => ran.has(name)),
  );
  await connected(config, async (client) => {
    await client.query('BEGIN');
    await loadRows(client, dump, open);
    await adjust((sql, values) => client.query(sql, values));
    await client.query('COMMIT');
  });
  await migrateWith(config, migrationsOf(config));
}

async function loadRows(
  client: pg.Client,
  dump: DatabaseDump,
  open: (table: string) => Promise<Readable>,
): Promise<void> {
  const quoted = (name: string) => client.escapeIdentifier(name);
  const names = dump.tables.map(({ name }) => quoted(name));
  // The audit log refuses to be emptied, and these rows have been audited.
  const triggers = await enabledTriggers(client);
  for (const { table, trigger } of triggers)
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`);
  // Migrations insert rows too.
  await client.query(`TRUNCATE ${names.join(', ')} CASCADE`);
  await client.query('SET CONSTRAINTS ALL DEFERRED');
  for (const { name, columns } of await loadingOrder(client, dump.tables)) {
    const list = columns.map(quoted).join(', ');
    await pipeline(await open(name), client.query(copyFrom(`COPY ${quoted(name)} (${list}) FROM STDIN`)));
  }
  for (const { name, lastValue, isCalled } of dump.sequences) {
    await client.query('SELECT setval(quote_ident($1)::regclass, $2::bigint, $3)', [
      name,
      lastValue,
      isCalled,
    ]);
  }
  // Triggers cannot be switched on while foreign keys wait to be checked.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  for (const { table, trigger, how } of triggers) {
    await client.query(`ALTER TABLE ${table} ${how} TRIGGER ${trigger}`);
  }
}

/** Returns the triggers that the schema defines, with how each was enabled. */
async function enabledTriggers(
  client: pg.Client,
): Promise<{ table: string; trigger: string; how: string }[]> {
  const { rows } = await client.query<{ table: string; trigger: string; how: string }>(
    `SELECT quote_ident(relname) AS table, quote_ident(tgname) AS trigger,
       CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END AS how
     FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
     WHERE NOT tgisinternal AND tgenabled <> 'D' AND relnamespace = 'public'::regnamespace`,
  );
  return rows;
}

async function loadingOrder(client: pg.Client, tables: readonly DumpedTable[]): Promise<DumpedTable[]> {
  const { rows } = await client.query<{ child: string; parent: string }>(
    `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint
     JOIN pg_class c ON c.oid = conrelid JOIN pg_class p ON p.oid = confrelid
     WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
       AND c.relnamespace = 'public'::regnamespace`,
  );
  return inLoadingOrder(tables, rows);
}

function migrationsOf(config: DatabaseConfig): Migrations {
  return dataSourceOptions(config).migrations as unknown as Migrations;
}

async function migrateWith(config: DatabaseConfig, migrations: Migrations): Promise<void> {
  const options = { ...dataSourceOptions(config), migrations } as unknown as DataSourceOptions;
  const dataSource = await new DataSource(options).initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function connected<T>(config: DatabaseConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: config.url, application_name: 'nexos-restore' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    // Without a commit, Postgres rolls back.
    await client.end();
  }
}
