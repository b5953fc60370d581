import { loadConfig, ServicesConfig } from '@nexos/config';
import { sharedServiceName } from '@nexos/engine';
import { type ServiceCredentials } from '@nexos/env-vars';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { RESTORE_SEED, connectionOf } from '../../../apps/lifecycle/src/reset/seed-restore.js';
import { PostgresRecipe } from '../../../apps/lifecycle/src/services/postgres.recipe.js';
import type { ServiceJob } from '../../../apps/lifecycle/src/services/service-recipe.js';
import {
  engineFixture,
  INSTANCE,
  newOwner,
  removeLeftovers,
  type EngineFixture,
  nextTestSubnet,
  untilNothingRuns,
} from '../../integration/engine/engine-fixture.js';

const { signal } = new AbortController();
const { projectId } = newOwner();
const { services } = loadConfig({ services: ServicesConfig }, inject('system').env);
const recipe = new PostgresRecipe(services);
const ADMIN_PASSWORD = 'administrator';
let fixture: EngineFixture;
let image: string;
let nodeId: string;
let jobs = 0;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId, nextTestSubnet);
  image = (await fixture.images.inspect(services.postgresImage)).id;
  await start(['docker-entrypoint.sh', 'postgres', '-c', 'max_connections=300']);
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

/** @param earlier the command of an earlier version */
async function start(earlier?: string[]): Promise<void> {
  await fixture.shared.ensure({
    ...recipe.container(ADMIN_PASSWORD),
    ...(earlier !== undefined && { command: earlier }),
    projectId,
    isBehindIngress: false,
    kind: recipe.kind,
    image,
    nodeId,
    volumeSuffix: null,
  });
}

function newCredentials(): ServiceCredentials {
  return {
    kind: 'postgres',
    name: newOwner().environmentId,
    number: 1,
    password: 'of-the-environment',
    adminPassword: ADMIN_PASSWORD,
    isProvisioned: false,
  };
}

async function run({ command, env }: ServiceJob): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const end = await fixture.jobs.run(
    {
      owner: { projectId },
      ownerId: projectId,
      kind: 'job',
      run: String(jobs++),
      image,
      nodeId,
      command,
      env,
      cpu: 1,
      memoryMb: 128,
      stopGraceSeconds: 1,
      timeoutMs: 60_000,
    },
    { signal, onLine: ({ text }) => lines.push(text) },
  );
  if (end.kind !== 'exited') throw new Error(JSON.stringify({ end, lines }));
  return { code: end.code, lines };
}
async function done(job: ServiceJob | Promise<ServiceJob>): Promise<string[]> {
  const { code, lines } = await run(await job);
  expect({ code, lines }).toMatchObject({ code: 0 });
  return lines;
}
const PSQL = ['sh', '-ec', `printf '%s' "$SQL" | psql -X -q -At -v ON_ERROR_STOP=1`];
/** Returns a job that runs SQL as an environment's role, in its own or another database. */
const as = ({ name, password }: ServiceCredentials, sql: string, database = name): ServiceJob => ({
  command: PSQL,
  env: { PGHOST: 'postgres', PGUSER: name, PGPASSWORD: password, PGDATABASE: database, SQL: sql },
});
/** Runs SQL as the administrator. */
const administer = (sql: string) =>
  done(as({ ...newCredentials(), name: 'postgres', password: ADMIN_PASSWORD }, sql, 'postgres'));
const isOpen = (database: string) =>
  administer(`SELECT datallowconn FROM pg_database WHERE datname = '${database}'`);

it('accepts TLS from the next start on in a volume of an earlier version, beside plain connections', async () => {
  const credentials = newCredentials();
  await done(recipe.provision(credentials));
  const isEncrypted = (sslmode: string) => {
    const job = as(credentials, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    return run({ ...job, env: { ...job.env, PGSSLMODE: sslmode } });
  };
  expect(await isEncrypted('require')).toMatchObject({ code: 2 });
  expect(await isEncrypted('disable')).toEqual({ code: 0, lines: ['f'] });
  const certificates = new Set<string>();
  for (let starts = 1; starts <= 2; starts++) {
    await fixture.shared.scale(sharedServiceName(INSTANCE, projectId, recipe.kind), 0);
    await untilNothingRuns(projectId);
    await start();
    await done(recipe.waitReady(credentials));
    expect(await isEncrypted('require')).toEqual({ code: 0, lines: ['t'] });
    expect(await isEncrypted('disable')).toEqual({ code: 0, lines: ['f'] });
    const about = (format: string) =>
      administer(`CREATE TEMP TABLE told (line text);
        COPY told FROM PROGRAM '${format}'; SELECT * FROM told`);
    const pem = '/var/lib/postgresql/data/nexos-tls.pem';
    expect(await about(`stat -c "%a %U" ${pem}`)).toEqual(['600 postgres']);
    for (const line of await about(`openssl x509 -noout -fingerprint -in ${pem}`)) certificates.add(line);
  }
  expect(certificates.size).toBe(1);
  await done(recipe.deprovision(credentials));
});

it('reopens a closed database when it is provisioned again', async () => {
  const credentials = newCredentials();
  await done(recipe.provision(credentials));
  await administer(`ALTER DATABASE ${credentials.name} ALLOW_CONNECTIONS false`);
  await done(recipe.provision(credentials));
  expect(await done(as(credentials, 'SELECT 1'))).toEqual(['1']);
  await done(recipe.deprovision(credentials));
});

describe("deprovisioning with traces in another environment's database", () => {
  let gone: ServiceCredentials;
  let stays: ServiceCredentials;
  let backup: string;
  beforeEach(async () => {
    [gone, stays] = [newCredentials(), newCredentials()];
    backup = `${stays.name}_1`;
    await done(recipe.provision(gone));
    await done(recipe.provision(stays));
    await done(as(stays, `CREATE TABLE kept (x int); GRANT SELECT ON kept TO ${gone.name}`));
  });
  afterEach(async () => {
    await done(recipe.deprovision(gone));
    await done(recipe.deprovision(stays));
  });
  const deprovisioning = (changed: (env: ServiceJob['env']) => Record<string, string>): ServiceJob => {
    const { command, env } = recipe.deprovision(gone);
    return { command, env: { ...env, ...changed(env) } };
  };
  const roles = () => administer(`SELECT rolname FROM pg_roles WHERE rolname = '${gone.name}'`);

  it('neither opens nor closes a database that a concurrent reset swaps in', async () => {
    await administer(`ALTER DATABASE ${stays.name} ALLOW_CONNECTIONS false`);
    // The other environment finishes its swap right after the search for traces.
    const swap = `SELECT 'ALTER DATABASE ${stays.name} RENAME TO ${backup}'
        WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${backup}') \\gexec
      SELECT 'CREATE DATABASE ${stays.name} OWNER ${stays.name}'
        WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${stays.name}') \\gexec
      `;
    await run(deprovisioning((env) => ({ NEXOS_FIND_TRACES: `${env.NEXOS_FIND_TRACES ?? ''}${swap}` })));
    expect(await done(as(stays, 'SELECT 1'))).toEqual(['1']);
    expect(await isOpen(backup)).toEqual(['f']);
    expect(await roles()).toEqual([]);
  });

  it('keeps a backup closed when it fails inside it', async () => {
    await done(recipe.swap(stays, { backedUp: 1, restored: null }));
    expect((await run(deprovisioning(() => ({ NEXOS_DISOWN: 'SELECT 1 / 0;' })))).code).not.toBe(0);
    expect(await isOpen(backup)).toEqual(['f']);
    expect(await roles()).toEqual([gone.name]);
  });

  it('closes a backup that was left open', async () => {
    await done(recipe.swap(stays, { backedUp: 1, restored: null }));
    await administer(`ALTER DATABASE ${backup} ALLOW_CONNECTIONS true`);
    await done(recipe.deprovision(gone));
    expect(await isOpen(backup)).toEqual(['f']);
    expect(await roles()).toEqual([]);
  });
});

describe('deprovisioning', () => {
  it('removes the role even if others granted it rights or it owns objects in their databases', async () => {
    const [gone, stays] = [newCredentials(), newCredentials()];
    await done(recipe.provision(gone));
    await done(recipe.provision(stays));
    const g = gone.name;
    const s = stays.name;
    await done(
      as(
        stays,
        `CREATE TABLE kept (x int); INSERT INTO kept VALUES (1); GRANT SELECT ON kept TO ${g} WITH GRANT OPTION;
         CREATE SCHEMA s; GRANT USAGE, CREATE ON SCHEMA s TO ${g};
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${g};
         GRANT CONNECT, CREATE, TEMP ON DATABASE ${s} TO ${g};
         CREATE POLICY p ON kept TO ${g}; SELECT lo_create(4242); GRANT SELECT ON LARGE OBJECT 4242 TO ${g};`,
      ),
    );
    await done(
      as(
        gone,
        `CREATE TABLE s.left (x int); INSERT INTO s.left VALUES (2); GRANT SELECT ON s.left TO ${s};
         CREATE SCHEMA more; SELECT lo_create(4243); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${s};
         ALTER ROLE ${g} SET work_mem = '8MB';`,
        s,
      ),
    );
    await done(
      as(
        gone,
        `CREATE TABLE own (x int); CREATE PUBLICATION all_of_it FOR TABLE own; GRANT CONNECT ON DATABASE ${g} TO ${s};
         SELECT lo_create(1); ALTER DATABASE ${g} SET default_transaction_read_only = on;`,
      ),
    );
    await done(recipe.swap(stays, { backedUp: 1, restored: null }));
    await done(
      as(
        stays,
        `CREATE TABLE newer (x int); GRANT SELECT ON newer TO ${g};
         CREATE FUNCTION format(text, name, name) RETURNS text LANGUAGE sql AS 'SELECT ''ALTER ROLE ${s} SUPERUSER''';
         ALTER DATABASE ${s} SET search_path = public, pg_catalog;
         ALTER DATABASE ${s} SET default_transaction_read_only = on;
         ALTER DATABASE ${s} SET role = ${s};`,
      ),
    );

    await done(recipe.deprovision(gone));
    await done(recipe.deprovision(gone));
    const names = `SELECT rolname, rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.~) '^env_'`;
    expect(await done(as(stays, names))).toEqual([`${s}|f`]);
    expect(await done(as(stays, `SELECT datname FROM pg_database WHERE datname LIKE '${g}%'`))).toEqual([]);
    await done(recipe.swap(stays, { backedUp: 2, restored: 1 }));
    const kept = 'SELECT x FROM kept UNION SELECT x FROM s.left ORDER BY x';
    expect(await done(as(stays, kept))).toEqual(['1', '2']);
    await done(recipe.deprovision(stays));
  });
});

describe('a seed', () => {
  const restore = (credentials: ServiceCredentials, seed: string): ServiceJob => ({
    command: [
      'sh',
      '-ec',
      `printf '%s' "$SEED" > /tmp/seed.sql\n${RESTORE_SEED.replaceAll('/seed.sql', '/tmp/seed.sql')}`,
    ],
    env: { ...connectionOf(recipe.variables(credentials).DATABASE_URL), SEED: seed },
  });
  const HALF = 'CREATE TABLE notes (x int); INSERT INTO notes VALUES (1); SELECT lo_create(7); COMMIT;';
  const GOOD = 'CREATE TABLE notes (x int); INSERT INTO notes VALUES (2);';
  let credentials: ServiceCredentials;
  let swaps = 1;
  const notes = () => done(as(credentials, 'SELECT x FROM notes'));
  beforeAll(async () => {
    credentials = newCredentials();
    await done(recipe.provision(credentials));
  });

  it('starts over in an empty database after a failure, and is restored once', async () => {
    expect(await run(restore(credentials, `${GOOD} SELECT nonsense;`))).toMatchObject({ code: 3 });
    expect((await run(as(credentials, 'SELECT x FROM notes'))).code).not.toBe(0);
    expect(await done(restore(credentials, GOOD))).toEqual([]);
    expect(await notes()).toEqual(['2']);
    expect(await done(restore(credentials, GOOD))).toEqual(['the seed has already been restored']);
  });

  it.each([
    ['fails', 'SELECT nonsense;'],
    ['is cut off', '\n\\! kill -KILL -1'],
  ])('never counts as restored when it has committed and %s, and removes nothing', async (_, end) => {
    await done(recipe.swap(credentials, { backedUp: swaps++, restored: null }));
    expect((await run(restore(credentials, `${HALF} ${end}`))).code).not.toBe(0);
    await done(as(credentials, 'INSERT INTO notes VALUES (9)'));
    const { code, lines } = await run(restore(credentials, GOOD));
    expect([code, lines]).toEqual([1, [expect.stringContaining('Reset the environment')]]);
    expect(await notes()).toEqual(['1', '9']);
    await done(recipe.swap(credentials, { backedUp: swaps++, restored: null }));
    expect(await done(restore(credentials, GOOD))).toEqual([]);
    expect(await notes()).toEqual(['2']);
  });

  it('leaves existing data alone', async () => {
    await done(recipe.swap(credentials, { backedUp: swaps++, restored: null }));
    await done(as(credentials, 'CREATE TABLE notes (x int); INSERT INTO notes VALUES (3);'));
    expect(await done(restore(credentials, GOOD))).toEqual([
      'the database is not empty: the seed is not restored',
    ]);
    expect(await notes()).toEqual(['3']);
  });
});
