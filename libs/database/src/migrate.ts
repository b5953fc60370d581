import type { DataSource } from 'typeorm';

/** An arbitrary number that no other user of the database takes: "nexos" in ASCII. */
const MIGRATION_LOCK = '474148433779';

/**
 * Migrates the schema. Any number of processes may call this concurrently: an advisory lock lets one work while the
 * others wait.
 *
 * @returns the names of the migrations that ran
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
