import { ServicesConfig } from '@nexos/config';
import { scramVerifier } from '@nexos/crypto';
import type { ServiceCredentials } from '@nexos/env-vars';
import { Injectable } from '@nestjs/common';
import type { DatabaseSwap, ServiceJob, ServiceRecipe } from './service-recipe.js';

const PORT = 5432;
const MOUNT = '/var/lib/postgresql/data';
const MAX_CONNECTIONS = 300;
/** Of one environment, so that none takes all of them. */
const CONNECTIONS_EACH = 60;

/** What a statement names comes from the job's variables, quoted by Postgres itself. */
const SCRIPT = `until pg_isready -q -t 2; do sleep 0.2; done
printf '%s' "$NEXOS_SQL" | psql -X -q -v ON_ERROR_STOP=1 -f -`;

const NAMES = `\\getenv name NEXOS_NAME
\\getenv verifier NEXOS_VERIFIER
\\getenv aside NEXOS_ASIDE
\\getenv back NEXOS_BACK
`;
const EXISTS = (name: string) => `EXISTS (SELECT FROM pg_database WHERE datname = :'${name}')`;

/** Whoever may sign in can otherwise connect to every database, these two included. */
const CLOSE_OTHERS = `REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
`;
const MAKE_ROLE = `SELECT format('CREATE ROLE %I', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \\gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT ${CONNECTIONS_EACH} PASSWORD %L',
  :'name', :'verifier') \\gexec
`;
const MAKE_DATABASE = `SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name') WHERE NOT ${EXISTS('name')} \\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \\gexec
`;
/** A database is renamed only when nobody is connected to it. */
const SEND_AWAY = `SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', :'name') \\gexec
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'name' \\g /dev/null
`;
const PUT_ASIDE = `SELECT ${EXISTS('name')} AND NOT ${EXISTS('aside')} AS is_due \\gset
\\if :is_due
${SEND_AWAY}SELECT format('ALTER DATABASE %I RENAME TO %I', :'name', :'aside') \\gexec
\\endif
`;
const BRING_BACK = `SELECT ${EXISTS('back')} AND NOT ${EXISTS('name')} AS is_due \\gset
\\if :is_due
SELECT format('ALTER DATABASE %I RENAME TO %I', :'back', :'name') \\gexec
\\endif
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', :'name') \\gexec
`;
/** Its owner may have made a template of it, which is not dropped. */
const DROP_ALL = `SELECT format('ALTER DATABASE %I IS_TEMPLATE false', datname) FROM pg_database
  WHERE datname = :'name' OR starts_with(datname, :'name' || '_') \\gexec
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname) FROM pg_database
  WHERE datname = :'name' OR starts_with(datname, :'name' || '_') \\gexec
SELECT format('DROP ROLE IF EXISTS %I', :'name') \\gexec
`;
const DROP_ASIDE = `SELECT format('ALTER DATABASE %I IS_TEMPLATE false', :'aside') WHERE ${EXISTS('aside')} \\gexec
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', :'aside') \\gexec
`;

/**
 * Postgres: a database and its owner for each environment, and no way into any other. The server is told no password,
 * only what to check one with.
 */
@Injectable()
export class PostgresRecipe implements ServiceRecipe {
  readonly kind = 'postgres';
  readonly title = 'Postgres';

  constructor(private readonly config: ServicesConfig) {}

  get image(): string {
    return this.config.postgresImage;
  }

  /**
   * Two servers on one volume would destroy it, and Swarm may start a second one before the first has ended: each
   * holds a lock in the volume for as long as one of its processes lives. SIGINT ends open sessions, SIGTERM would
   * wait for them.
   */
  container(adminPassword: string) {
    const { cpu, postgresMemoryMb: memoryMb } = this.config;
    const server = ['docker-entrypoint.sh', 'postgres', '-c', `max_connections=${MAX_CONNECTIONS}`];
    return {
      command: ['flock', '--no-fork', `${MOUNT}/nexos.lock`, ...server],
      env: { POSTGRES_PASSWORD: adminPassword, PGDATA: `${MOUNT}/cluster` },
      cpu,
      memoryMb,
      mountPath: MOUNT,
      sharedMemoryMb: Math.max(16, Math.floor(memoryMb / 4)),
      stopSignal: 'SIGINT',
      stopGraceSeconds: 30,
    };
  }

  greet(credentials: ServiceCredentials): ServiceJob {
    return this.job(credentials, 'SELECT;');
  }

  async provision(credentials: ServiceCredentials): Promise<ServiceJob> {
    const NEXOS_VERIFIER = await scramVerifier(credentials.password);
    return this.job(credentials, CLOSE_OTHERS + MAKE_ROLE + MAKE_DATABASE, { NEXOS_VERIFIER });
  }

  withdraw(credentials: ServiceCredentials): ServiceJob {
    return this.job(credentials, DROP_ALL);
  }

  /** Puts the environment's database aside, whoever is connected to it, and has an empty or an older one in its place. */
  swap(credentials: ServiceCredentials, { putAside, broughtBack }: DatabaseSwap): ServiceJob {
    const NEXOS_ASIDE = generationName(credentials, putAside);
    if (broughtBack === null) return this.job(credentials, PUT_ASIDE + MAKE_DATABASE, { NEXOS_ASIDE });
    const NEXOS_BACK = generationName(credentials, broughtBack);
    return this.job(credentials, PUT_ASIDE + BRING_BACK, { NEXOS_ASIDE, NEXOS_BACK });
  }

  /** Drops a database that was put aside. */
  dropAside(credentials: ServiceCredentials, generation: number): ServiceJob {
    return this.job(credentials, DROP_ASIDE, { NEXOS_ASIDE: generationName(credentials, generation) });
  }

  variables({ name, password }: ServiceCredentials) {
    return { DATABASE_URL: `postgres://${name}:${password}@${this.kind}:${PORT}/${name}` };
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
    };
    return {
      command: ['sh', '-ec', SCRIPT],
      env: { ...connection, PGPASSWORD: adminPassword, NEXOS_NAME: name, NEXOS_SQL: NAMES + sql, ...more },
    };
  }
}

/** Ids hold no such part, so that it is the database of no other environment. */
function generationName({ name }: ServiceCredentials, generation: number): string {
  return `${name}_${generation}`;
}
