const BEGUN = 'nexos: seed begun';
const RESTORED = 'nexos: seed restored';

/**
 * Restores `/seed.sql` in one transaction, as the database's owner, into a database that holds nothing. A dump may end that
 * transaction itself and fail later: so the database bears a note of what was begun and what was finished. Nothing is ever
 * taken out again, for the app may have written beside it. What is in a database of our making, its role and its settings
 * aside, is in its schemas.
 */
export const RESTORE_SEED = `until pg_isready -q -t 2; do sleep 0.2; done
ask() { psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"; }
note() { ask "DO \\$do\\$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), '$1'); END \\$do\\$"; }
known=$(ask "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()")
if [ "$known" = '${RESTORED}' ]; then
  echo 'it is restored already'
  exit 0
fi
tables=$(ask "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'")
if [ "$tables" != 0 ] && [ "$known" = '${BEGUN}' ]; then
  echo 'The database may hold a part of a dump whose restoring has failed. Reset the environment, which puts it aside, to begin anew; or go on with what it holds by taking the seed out of nexos.yaml.'
  exit 1
fi
if [ "$tables" != 0 ]; then
  echo 'the database is not empty: nothing is restored'
  exit 0
fi
note '${BEGUN}'
psql -X -q -v ON_ERROR_STOP=1 --single-transaction -f /seed.sql
note '${RESTORED}'`;

/** How a database is connected to, for `psql`: no argument shows its password. */
export function connectionOf(databaseUrl: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
}
