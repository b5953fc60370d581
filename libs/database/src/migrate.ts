import type { DataSource } from 'typeorm';

/** Any number that no other user of the database takes: "nexos" in ASCII. */
const MIGRATION_LOCK = '474148433779';

/**
 * Brings the schema up to date. Any number of processes may call it at once: an advisory lock lets one of
 * them work and the others wait for it.
 *
 * @returns the names of the migrations that were run
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await dataSource.runMigrations();
    return ran.map((migration) => migration.name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
  }
}
