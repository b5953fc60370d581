const BEGUN = 'nexos: seed begun';
const RESTORED = 'nexos: seed restored';

/**
 * Restores `/seed.sql` into an empty database, in one transaction, as the database's owner. A dump may end that
 * transaction itself and fail later, so a comment on the database records whether a restore began and finished. Nothing
 * is ever removed, since the app may have written data too. Apart from its role and settings, everything in such a
 * database is in its schemas.
 */
export const RESTORE_SEED = `until pg_isready -q -t 2; do sleep 0.2; done
ask() { psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"; }
note() { ask "DO \\$do\\$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), '$1'); END \\$do\\$"; }
known=$(ask "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()")
if [ "$known" = '${RESTORED}' ]; then
  echo 'the seed has already been restored'
  exit 0
fi
tables=$(ask "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'")
if [ "$tables" != 0 ] && [ "$known" = '${BEGUN}' ]; then
  echo "The database may hold part of a seed whose restore failed. Reset the environment to start over with an empty database, or remove the seed from nexos.yaml or the project's settings to keep the data."
  exit 1
fi
if [ "$tables" != 0 ]; then
  echo 'the database is not empty: the seed is not restored'
  exit 0
fi
note '${BEGUN}'
psql -X -q -v ON_ERROR_STOP=1 --single-transaction -f /seed.sql
note '${RESTORED}'`;

/** Returns the connection variables for `psql`, so that no argument shows the password. */
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
