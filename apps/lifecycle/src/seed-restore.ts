const BEGUN = 'nexos: seed begun';
const RESTORED = 'nexos: seed restored';

/**
 * Restores `/seed.sql` in one transaction, as the database's owner. A dump may end that transaction itself and fail later:
 * so the database bears a note of what was begun and what was finished, and what was begun only is emptied. A database that
 * holds anything else is left alone; what is in one of our making, its role and its settings aside, is in its schemas.
 */
export const RESTORE_SEED = `until pg_isready -q -t 2; do sleep 0.2; done
ask() { psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"; }
note() { ask "DO \\$do\\$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), '$1'); END \\$do\\$"; }
empty() { ask 'SET client_min_messages = error; DROP OWNED BY CURRENT_USER'; note ''; }
case "$(ask "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()")" in
  '${RESTORED}') echo 'it is restored already'; exit 0 ;;
  '${BEGUN}') echo 'it was restored in part: the database is emptied'; empty ;;
esac
tables=$(ask "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'")
if [ "$tables" != 0 ]; then
  echo 'the database is not empty: nothing is restored'
  exit 0
fi
note '${BEGUN}'
if ! psql -X -q -v ON_ERROR_STOP=1 --single-transaction -f /seed.sql; then
  empty
  exit 1
fi
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
