import pg from 'pg';
import { inject } from 'vitest';
import { checkResponsesOf, stopCheckingResponsesOf } from './checked-fetch.js';
import { Installation } from './installation.js';

/** A running API, and the initial rows of its database as JSON. */
export interface RunningApi {
  readonly instance: string;
  readonly env: Readonly<Record<string, string>>;
  readonly accounts: string;
  readonly keys: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    apis: readonly RunningApi[];
  }
}

/** The API of this worker, which its test files use one after the other. */
export class SharedApi extends Installation {
  /** Connects to it, and empties its database except for the operator's account and key, and the sizes of services. */
  static async enter(): Promise<SharedApi> {
    const running = inject('apis')[Number(process.env.VITEST_POOL_ID) - 1];
    if (running === undefined) throw new Error('there is no API for this worker');
    const database = new pg.Client({ connectionString: running.env.DATABASE_URL });
    await database.connect();
    await empty(database);
    await fill(database, 'accounts', running.accounts);
    await fill(database, 'api_keys', running.keys);
    const api = new SharedApi(running.instance, running.env, database, inject('system').template.key);
    await checkResponsesOf(api.api.baseUrl);
    return api;
  }

  async leave(): Promise<void> {
    stopCheckingResponsesOf(this.api.baseUrl);
    await this.database.end();
  }
}

async function empty(database: pg.Client): Promise<void> {
  // The audit log refuses to be emptied.
  await database.query(`DO $$ BEGIN
    ALTER TABLE audit_log DISABLE TRIGGER USER;
    EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('migrations', 'service_sizes'));
    ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
  END $$`);
}

async function fill(database: pg.Client, table: 'accounts' | 'api_keys', rows: string): Promise<void> {
  await database.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
    rows,
  ]);
}
