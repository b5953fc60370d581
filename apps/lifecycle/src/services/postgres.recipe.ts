import { ServicesConfig } from '@nexos/config';
import { scramVerifier } from '@nexos/crypto';
import { type ServiceVariable } from '@nexos/domain';
import { type ServiceCredentials } from '@nexos/env-vars';
import { Injectable } from '@nestjs/common';
import type { DatabaseSwap, ServiceJob, ServiceRecipe } from './service-recipe.js';

const PORT = 5432;
const MOUNT = '/var/lib/postgresql/data';
const MAX_CONNECTIONS = 300;
/** Limit per environment, so that none takes all connections. */
const CONNECTIONS_EACH = 60;

/**
 * Starts the server with a certificate of its own, for clients that insist on TLS. Key and certificate are one file, so
 * that a crash never leaves two that do not match. It is created where it is missing, also in a volume of an earlier
 * version, and a month before it expires. An image without openssl has no TLS.
 */
const START = `pem=${MOUNT}/nexos-tls.pem
has_certificate() {
  openssl x509 -in "$pem" -noout -checkend 2592000 > /dev/null 2>&1 && return
  rm -f "$pem.new"
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \\
    -subj /CN=postgres -addext subjectAltName=DNS:postgres -keyout "$pem.new" -out "$pem.new") &&
    mv "$pem.new" "$pem"
}
only_for_the_server() {
  if [ "$(id -u)" = 0 ]; then chown postgres: "$pem"; fi && chmod 0600 "$pem"
}
set -- postgres -c max_connections=${MAX_CONNECTIONS}
if has_certificate && only_for_the_server; then
  set -- "$@" -c ssl=on -c "ssl_cert_file=$pem" -c "ssl_key_file=$pem"
else
  echo 'Postgres starts without TLS: no certificate could be created. Does its image have openssl?' >&2
fi
exec docker-entrypoint.sh "$@"`;

/** Statements take names from the job's variables, which Postgres itself quotes. */
const SCRIPT = `until pg_isready -q -t 2; do sleep 0.2; done
run_sql() { printf '%s' "$1" | PGDATABASE="\${2:-postgres}" psql -X -q -At -v ON_ERROR_STOP=1 -f -; }
run_sql "$NEXOS_SQL"`;
/**
 * Revokes what the role was granted in any database, so that it can be dropped: other owners may have let it into
 * theirs. What it owns there goes to the database's owner. A backup is opened briefly; a database that is closed
 * but not yet renamed is waited for, because its name may belong to another database by the time this opens or closes
 * it.
 */
const DISOWN = `
until [ "$(run_sql "$NEXOS_END_SESSIONS")" = 0 ]; do sleep 0.2; done
until found=$(run_sql "$NEXOS_FIND_TRACES") && [ "\${found##*closed:*}" = "$found" ]; do sleep 0.2; done
trap 'exit 143' TERM
for place in $found; do
  export NEXOS_BACKUP="\${place#*:}"
  case $place in backup:*) trap 'run_sql "$NEXOS_CLOSE"' EXIT; run_sql "$NEXOS_OPEN" ;; esac
  run_sql "$NEXOS_DISOWN" "$NEXOS_BACKUP"
  case $place in backup:*) run_sql "$NEXOS_CLOSE"; trap - EXIT ;; esac
done
run_sql "$NEXOS_DISOWN"
run_sql "$NEXOS_DROP_ROLE"`;
/**
 * Overrides settings that an owner may have set on its database, so that they cannot alter administrator statements.
 */
const OPTIONS = [
  'search_path=pg_catalog',
  'role=none',
  'default_transaction_read_only=off',
  'statement_timeout=0',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

const NAMES = `\\getenv name NEXOS_NAME
\\getenv verifier NEXOS_VERIFIER
\\getenv backup NEXOS_BACKUP
\\getenv restored NEXOS_RESTORED
`;
const EXISTS = (name: string) => `EXISTS (SELECT FROM pg_database WHERE datname = :'${name}')`;

/** By default any role that can log in may connect to every database, including these two. */
const CLOSE_OTHERS = `REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
`;
const CREATE_ROLE = `SELECT format('CREATE ROLE %I', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \\gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT ${CONNECTIONS_EACH} PASSWORD %L',
  :'name', :'verifier') \\gexec
`;
const OPEN_DATABASE = `SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', :'name') \\gexec
`;
const CREATE_DATABASE = `SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name') WHERE NOT ${EXISTS('name')} \\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \\gexec
${OPEN_DATABASE}`;
/** Disconnects everyone, since only a database without connections can be renamed. */
const DISCONNECT = (
  name: string,
) => `SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', :'${name}') \\gexec
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'${name}' \\g /dev/null
`;
const BACK_UP = `SELECT ${EXISTS('name')} AND NOT ${EXISTS('backup')} AS is_due \\gset
\\if :is_due
${DISCONNECT('name')}SELECT format('ALTER DATABASE %I RENAME TO %I', :'name', :'backup') \\gexec
\\endif
`;
const RESTORE = `SELECT ${EXISTS('restored')} AND NOT ${EXISTS('name')} AS is_due \\gset
\\if :is_due
${DISCONNECT('restored')}SELECT format('ALTER DATABASE %I RENAME TO %I', :'restored', :'name') \\gexec
\\endif
${OPEN_DATABASE}`;
/** Its owner may have made it a template, which cannot be dropped. */
const DROP_ALL = `SELECT format('ALTER DATABASE %I IS_TEMPLATE false', datname) FROM pg_database
  WHERE datname = :'name' OR starts_with(datname, :'name' || '_') \\gexec
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname) FROM pg_database
  WHERE datname = :'name' OR starts_with(datname, :'name' || '_') \\gexec
`;
/** Matches names from `generationName`, and no id. */
const BACKUP_NAME = '^[^_]+_[^_]+_[0-9]+$';
const FROM_ROLE = `FROM pg_roles WHERE rolname = :'name'`;
const DROP_ROLE_STATEMENTS = {
  NEXOS_END_SESSIONS: `SELECT format('ALTER ROLE %I NOLOGIN', rolname) ${FROM_ROLE} \\gexec
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :'name' \\g /dev/null
SELECT count(*) FROM pg_stat_activity WHERE usename = :'name';
`,
  NEXOS_FIND_TRACES: `SELECT DISTINCT CASE WHEN datname ~ '${BACKUP_NAME}' THEN 'backup:'
    WHEN datallowconn THEN 'open:' ELSE 'closed:' END || datname
  FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
  WHERE refclassid = 'pg_authid'::regclass AND refobjid = (SELECT oid ${FROM_ROLE});
`,
  NEXOS_OPEN: `SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', :'backup') \\gexec
`,
  NEXOS_CLOSE: `SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', :'backup') WHERE ${EXISTS('backup')} \\gexec
`,
  NEXOS_DISOWN: `SELECT format('REASSIGN OWNED BY %I TO %I', rolname, pg_get_userbyid(datdba))
  FROM pg_roles, pg_database WHERE rolname = :'name' AND datname = current_database() \\gexec
SELECT format('DROP OWNED BY %I', rolname) ${FROM_ROLE} \\gexec
`,
  NEXOS_DROP_ROLE: `SELECT format('DROP ROLE IF EXISTS %I', :'name') \\gexec
`,
};
const DROP_BACKUP = `SELECT format('ALTER DATABASE %I IS_TEMPLATE false', :'backup') WHERE ${EXISTS('backup')} \\gexec
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', :'backup') \\gexec
`;

/**
 * Postgres: a database and its owner role for each environment, without access to any other. The server gets only a
 * verifier, never the password.
 */
@Injectable()
export class PostgresRecipe implements ServiceRecipe {
  readonly kind = 'postgres';
  readonly title = 'Postgres';
  readonly isBehindIngress = false;

  constructor(private readonly config: ServicesConfig) {}

  /**
   * Locks the volume while any server process lives: two servers would destroy the data, and Swarm may start a second
   * one before the first has stopped. SIGINT ends open sessions; SIGTERM would wait for them.
   */
  container(adminPassword: string) {
    const { cpu, postgresMemoryMb: memoryMb } = this.config;
    return {
      command: ['flock', '--no-fork', `${MOUNT}/nexos.lock`, 'sh', '-ec', START],
      env: { POSTGRES_PASSWORD: adminPassword, PGDATA: `${MOUNT}/cluster` },
      cpu,
      memoryMb,
      mountPath: MOUNT,
      sharedMemoryMb: Math.max(16, Math.floor(memoryMb / 4)),
      stopSignal: 'SIGINT',
      stopGraceSeconds: 30,
    };
  }

  waitReady(credentials: ServiceCredentials): ServiceJob {
    return this.job(credentials, 'SELECT;');
  }

  async provision(credentials: ServiceCredentials): Promise<ServiceJob> {
    const NEXOS_VERIFIER = await scramVerifier(credentials.password);
    return this.job(credentials, CLOSE_OTHERS + CREATE_ROLE + CREATE_DATABASE, { NEXOS_VERIFIER });
  }

  deprovision(credentials: ServiceCredentials): ServiceJob {
    const statements = Object.entries(DROP_ROLE_STATEMENTS).map(
      ([name, sql]) => [name, NAMES + sql] as const,
    );
    const { command, env } = this.job(credentials, DROP_ALL, Object.fromEntries(statements));
    return { command: command.map((part) => (part === SCRIPT ? SCRIPT + DISOWN : part)), env };
  }

  /** Disconnects everyone, keeps the database as a backup and replaces it with an empty or an older one. */
  swap(credentials: ServiceCredentials, { backedUp, restored }: DatabaseSwap): ServiceJob {
    const NEXOS_BACKUP = generationName(credentials, backedUp);
    if (restored === null) return this.job(credentials, BACK_UP + CREATE_DATABASE, { NEXOS_BACKUP });
    const NEXOS_RESTORED = generationName(credentials, restored);
    return this.job(credentials, BACK_UP + RESTORE, { NEXOS_BACKUP, NEXOS_RESTORED });
  }

  /** Drops the backup of a generation. */
  dropBackup(credentials: ServiceCredentials, generation: number): ServiceJob {
    return this.job(credentials, DROP_BACKUP, { NEXOS_BACKUP: generationName(credentials, generation) });
  }

  variables({ name, password }: ServiceCredentials): Record<ServiceVariable<'postgres'>, string> {
    return {
      DATABASE_URL: `postgres://${name}:${password}@${this.kind}:${PORT}/${name}`,
      PGHOST: this.kind,
      PGPORT: String(PORT),
      PGUSER: name,
      PGPASSWORD: password,
      PGDATABASE: name,
    };
  }

  private job(
    { name, adminPassword }: ServiceCredentials,
    sql: string,
    more: Record<string, string> = {},
  ): ServiceJob {
    const connection = {
      PGHOST: this.kind,
      PGUSER: 'postgres',
      PGDATABASE: 'postgres',
      PGCONNECT_TIMEOUT: '5',
      PGOPTIONS: OPTIONS,
    };
    return {
      command: ['sh', '-ec', SCRIPT],
      env: { ...connection, PGPASSWORD: adminPassword, NEXOS_NAME: name, NEXOS_SQL: NAMES + sql, ...more },
    };
  }
}

/** Returns a name that no other environment's database can have, since ids have no such suffix. */
function generationName({ name }: ServiceCredentials, generation: number): string {
  return `${name}_${generation}`;
}
