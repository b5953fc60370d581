import type pg from 'pg';

/** Columns, or whole tables, that any request may write, even a rejected one. */
const BOOKKEEPING: Readonly<Record<string, readonly string[] | 'all'>> = {
  api_keys: ['last_used_at', 'last_used_address', 'last_used_user_agent', 'secret_fingerprint'],
  nodes: ['seen_at'],
  swarm_entrance: ['observed_at'],
  idempotency_keys: 'all',
  branch_lookups: 'all',
  // Written while messages are sent, whatever is requested meanwhile.
  webhooks: ['failures', 'failing_since', 'retry_at', 'disabled_at', 'disabled_reason'],
  webhook_messages: 'all',
};

/** One line for each row of each table: two prints differ in what was written between them. */
export type DatabaseSnapshot = ReadonlySet<string>;

/** Prints databases; a row that was rewritten with the same values gets another line. */
export class DatabaseSnapshotter {
  private constructor(
    private readonly database: pg.Client,
    private readonly sql: string,
  ) {}

  static async of(database: pg.Client): Promise<DatabaseSnapshotter> {
    const { rows } = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
    );
    const parts = rows.flatMap(({ name }) => {
      const bookkeeping = BOOKKEEPING[name] ?? [];
      return bookkeeping === 'all' ? [] : [linesOf(name, bookkeeping)];
    });
    return new DatabaseSnapshotter(database, parts.join(' UNION ALL '));
  }

  async print(): Promise<DatabaseSnapshot> {
    const { rows } = await this.database.query<{ line: string }>(this.sql);
    return new Set(rows.map(({ line }) => line));
  }
}

/** Returns the tables that were written to, ignoring jobs that left the outbox. */
export function tablesWritten(before: DatabaseSnapshot, after: DatabaseSnapshot): string[] {
  const added = [...after].filter((line) => !before.has(line));
  const removed = [...before].filter((line) => !after.has(line) && !line.startsWith('outbox '));
  return [...new Set([...added, ...removed].map((line) => line.split(' ')[0] ?? ''))].sort();
}

function linesOf(table: string, bookkeeping: readonly string[]): string {
  if (table === 'outbox') return `SELECT 'outbox ' || id AS line FROM outbox`;
  const columns = bookkeeping.map((column) => `'${column}'`).join(', ');
  const version = bookkeeping.length > 0 ? '' : ` || t.xmin::text`;
  return `SELECT '${table} ' || md5((to_jsonb(t) - ARRAY[${columns}]::text[])::text)${version} AS line FROM ${table} t`;
}
