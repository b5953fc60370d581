import type { TestDatabase } from '../../support/database.js';

/** Returns every column and index of the schema, except the migrations table, as one line of text each. */
export async function structureOf(database: TestDatabase): Promise<string[]> {
  const columns = await database.rows<{ line: string }>(
    `SELECT concat_ws(' ', table_name || '.' || column_name, data_type, is_nullable, column_default) AS line
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
     ORDER BY table_name, column_name`,
  );
  const indexes = await database.rows<{ line: string }>(
    `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
     ORDER BY indexname`,
  );
  return [...columns, ...indexes].map(({ line }) => line);
}

/** Returns the foreign keys and checks, each as `name table definition`. */
export async function foreignKeysAndChecksOf(database: TestDatabase): Promise<string[]> {
  const constraints = await database.rows<{ line: string }>(
    `SELECT concat_ws(' ', conname, conrelid::regclass, pg_get_constraintdef(oid)) AS line
     FROM pg_constraint WHERE contype IN ('f', 'c') AND connamespace = 'public'::regnamespace
     ORDER BY conrelid::regclass::text, conname`,
  );
  return constraints.map(({ line }) => line);
}
