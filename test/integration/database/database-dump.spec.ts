import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { loadConfig, DatabaseConfig } from '@nexos/config';
import {
  assertKnownMigrations,
  type DatabaseDump,
  databaseUse,
  dumpDatabase,
  loadDatabase,
} from '@nexos/database';
import { newId } from '@nexos/domain';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDatabase } from '../../support/database-template.js';
import { TestDatabase } from '../../support/database.js';
import { dropDatabase } from '../../support/drop-database.js';
import { createQueuedDeployment } from '../../support/rows.js';

/** Without what no row says: the order of rows in a table. */
const ROWS = (table: string) => `SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`;
const NAME = `d${process.pid}restored`;

/** Took 20 s on a machine with ten times more to do than it has cores. */
describe('a dump of the database', () => {
  let source: TestDatabase;
  let target: pg.Client;
  let from: DatabaseConfig;
  let to: DatabaseConfig;
  const tables = new Map<string, Buffer>();
  let dump: DatabaseDump;

  const configOf = (url: string) => loadConfig({ database: DatabaseConfig }, { DATABASE_URL: url }).database;
  const open = (table: string) => Promise.resolve(Readable.from([tables.get(table) ?? Buffer.alloc(0)]));
  const nothing = () => Promise.resolve();

  beforeAll(async () => {
    source = await TestDatabase.create(inject('system'));
    const { manager } = source.dataSource;
    await createQueuedDeployment(source);
    await manager.query(
      `INSERT INTO audit_log (action, actor, subject, after) VALUES ('project.update', 'command', $1, $2)`,
      [newId('project'), { text: 'a\tb\nc \\N ü' }],
    );
    from = configOf(source.url);
    const server = inject('system').env.DATABASE_URL ?? '';
    to = configOf(await createDatabase(server, NAME));
    target = new pg.Client({ connectionString: to.url });
    await target.connect();
  });
  afterAll(async () => {
    await target.end();
    await dropDatabase(inject('system').env.DATABASE_URL ?? '', NAME);
    await source.drop();
  });

  it('restores every row, sequence and trigger', async () => {
    const written = await dumpDatabase(
      from,
      async (table, rows) => void tables.set(table, await buffer(rows)),
      (query) => query('SELECT count(*)::int AS count FROM deployments'),
    );
    dump = written.dump;
    expect(written.read).toEqual([{ count: 1 }]);
    await loadDatabase(to, dump, open, nothing);
    const { manager } = source.dataSource;
    for (const sql of [
      ...dump.tables.map(({ name }) => ROWS(name)),
      'SELECT name FROM migrations ORDER BY name',
      `SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname`,
      'SELECT last_value, is_called FROM project_subnets',
    ]) {
      expect((await target.query(sql)).rows, sql).toEqual(await manager.query(sql));
    }
    await expect(target.query('DELETE FROM audit_log')).rejects.toThrow();
    expect(await databaseUse(to)).toEqual({ hasRows: true, apps: 0 });
  });

  it('replaces what the database had, and leaves nothing when it is cut short', async () => {
    const cutShort = (table: string) =>
      table === 'projects' ? Promise.reject(new Error('cut short')) : open(table);
    await expect(loadDatabase(to, dump, cutShort, nothing)).rejects.toThrow('cut short');
    expect((await target.query('SELECT FROM accounts')).rowCount).toBe(0);
    await loadDatabase(to, dump, open, nothing);
    expect((await target.query('SELECT FROM projects')).rowCount).toBe(1);
  });

  it('is loaded as an earlier version wrote it, and then migrated', async () => {
    const migrations = dump.migrations.slice(0, dump.migrations.indexOf('KeyFingerprints1767900060000'));
    const old = {
      migrations,
      tables: [{ name: 'accounts', columns: ['id', 'name', 'plan'] }],
      sequences: [],
    };
    const id = newId('account');
    await loadDatabase(to, old, () => Promise.resolve(Readable.from([`${id}\tolder\tpro\n`])), nothing);
    expect((await target.query('SELECT name, plan FROM accounts')).rows).toEqual([
      { name: 'older', plan: 'pro' },
    ]);
    const { rows } = await target.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    expect(rows.map(({ name }) => name).sort()).toEqual([...dump.migrations].sort());
    expect((await target.query('SELECT secret_fingerprint FROM api_keys')).rowCount).toBe(0);
  });

  it('is refused when a newer version wrote it', () => {
    const newer = { migrations: [...dump.migrations, 'Later9999999999999'] };
    expect(() => assertKnownMigrations(from, newer)).toThrow('newer version');
  });
});
