import { migrate, waitForSchema } from '@nexos/database';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment } from '../../support/rows.js';
import { foreignKeysAndChecksOf, structureOf } from './schema-structure.js';

describe('migrate', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await TestDatabase.create(inject('system'), { migrated: false });
  });
  afterEach(() => database.drop());

  it('creates the schema in an empty database and changes nothing when run again', async () => {
    expect(await migrate(database.dataSource)).not.toEqual([]);
    const before = await structureOf(database);
    expect(await migrate(database.dataSource)).toEqual([]);
    expect(await structureOf(database)).toEqual(before);
    expect(before.map((column) => column.split(' ')[0])).toContain('deployments.status');
  });

  it('migrates once when three processes start at the same time', async () => {
    const processes = await Promise.all([1, 2, 3].map(() => database.connectAnother()));
    const ran = await Promise.all(processes.map((dataSource) => migrate(dataSource)));
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    await Promise.all(processes.map((dataSource) => dataSource.destroy()));
    const [{ count } = { count: '0' }] = await database.rows<{ count: string }>(
      'SELECT count(*) FROM migrations',
    );
    expect(Number(count)).toBe(ran.flat().length);
  });

  it('rolls back a failed migration so that the next process can migrate', async () => {
    await database.dataSource.query('CREATE TABLE outbox (id text)');
    await expect(migrate(database.dataSource)).rejects.toThrow('outbox');
    expect(await database.rows(`SELECT 1 FROM pg_tables WHERE tablename = 'accounts'`)).toEqual([]);
    await database.dataSource.query('DROP TABLE outbox');
    const other = await database.connectAnother();
    expect(await migrate(other)).not.toEqual([]);
    await other.destroy();
  });

  it('reverts to an empty database and migrates up to the same schema again', async () => {
    await migrate(database.dataSource);
    const before = [...(await structureOf(database)), ...(await foreignKeysAndChecksOf(database))];
    for (const migration of database.dataSource.migrations) {
      expect(migration.name).toBeTruthy();
      await database.dataSource.undoLastMigration();
    }
    expect(await structureOf(database)).toEqual([]);
    await migrate(database.dataSource);
    expect([...(await structureOf(database)), ...(await foreignKeysAndChecksOf(database))]).toEqual(before);
  });

  it('completes the specs of existing deployments and reverts them', async () => {
    await migrate(database.dataSource);
    const project = await insertProject(database.dataSource.manager);
    await database.dataSource.query(
      `UPDATE projects SET settings = '{"services": {"redis": {}}}' WHERE id = $1`,
      [project.id],
    );
    const { id } = await createQueuedDeployment(database, { project });
    const migration = database.dataSource.migrations.find(({ name = '' }) =>
      name.startsWith('DeploymentSpec'),
    );
    const runner = database.dataSource.createQueryRunner();
    const specAfter = async (change: Promise<void> | undefined) => {
      await change;
      return (await database.rows<{ spec: object }>('SELECT spec FROM deployments WHERE id = $1', [id]))[0]
        ?.spec;
    };
    const old = {
      dockerfile: 'Dockerfile',
      build_context: '.',
      build_timeout_seconds: 900,
      port: 3000,
      health_check_path: '/',
      cpu: 0.5,
      memory_mb: 512,
    };
    const whole = {
      ...old,
      build_args: {},
      services: { postgres: false, redis: true, s3: false },
      env: {},
      hooks: { on_deploy: null, on_new: null, seed: null },
    };
    await database.dataSource.query('UPDATE deployments SET spec = $2 WHERE id = $1', [
      id,
      JSON.stringify(whole),
    ]);
    expect(await specAfter(migration?.down(runner))).toEqual(old);
    expect(await specAfter(migration?.up(runner))).toEqual(whole);
    await runner.release();
  });

  it('moves the settings of existing projects into one document and back into columns', async () => {
    await migrate(database.dataSource);
    const { dataSource } = database;
    const project = await insertProject(dataSource.manager);
    const { id } = await createQueuedDeployment(database, { project });
    const migration = dataSource.migrations.find(({ name = '' }) => name.startsWith('SettingsDocument'));
    const runner = dataSource.createQueryRunner();
    const columns = `dockerfile, build_context, build_timeout_seconds, service_postgres, service_redis, service_s3,
      port, health_check_path, cpu, memory_mb`;
    const row = async (what: string) =>
      (await database.rows<object>(`SELECT ${what} FROM projects WHERE id = $1`, [project.id]))[0];
    const services = async () =>
      (await database.rows(`SELECT spec->'services' AS services FROM deployments WHERE id = $1`, [id]))[0];
    const old = {
      dockerfile: 'Dockerfile',
      build_context: 'web',
      build_timeout_seconds: 900,
      service_postgres: false,
      service_redis: true,
      service_s3: false,
      port: 4000,
      health_check_path: '/',
      cpu: 0.1,
      memory_mb: 512,
    };
    await migration?.down(runner);
    await dataSource.query(
      `UPDATE projects SET build_context = 'web', port = 4000, cpu = 0.1, service_redis = true WHERE id = $1`,
      [project.id],
    );
    await dataSource.query(
      `UPDATE deployments SET spec = jsonb_set(spec, '{services}', '{"postgres": true, "redis": false}')`,
    );
    await migration?.up(runner);
    expect(await row('settings')).toEqual({
      settings: { build_context: 'web', port: 4000, cpu: 0.1, services: { redis: {} } },
    });
    expect(await services()).toEqual({ services: { postgres: {}, redis: false } });
    // Workers of the previous version read the columns.
    expect(await row(columns)).toEqual(old);
    await migration?.down(runner);
    expect(await row(columns)).toEqual(old);
    expect(await services()).toEqual({ services: { postgres: true, redis: false } });
    await migration?.up(runner);
    await runner.release();
  });

  it('creates the columns and indexes that the entities describe', async () => {
    await migrate(database.dataSource);
    // TypeORM looks up the expressions of computed columns in this table.
    await database.dataSource.query(
      'CREATE TABLE typeorm_metadata (type text, database text, schema text, "table" text, name text, value text)',
    );
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    // Only the migrations define foreign keys and checks; the entities do not describe them.
    const constraints = new Set(
      (await foreignKeysAndChecksOf(database)).map((constraint) => constraint.split(' ')[0]),
    );
    // Computed columns serve the previous version, which reads them until it is replaced.
    const computed = await database.rows<{ line: string }>(
      `SELECT format('"%s" DROP COLUMN "%s"', table_name, column_name) AS line
       FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'ALWAYS'`,
    );
    const differences = upQueries
      .map(({ query }) => query)
      .filter((query) => !constraints.has(/DROP CONSTRAINT "([^"]+)"/.exec(query)?.[1]))
      .filter((query) => !query.includes('typeorm_metadata'))
      .filter((query) => !computed.some(({ line }) => query.endsWith(line)));
    expect(differences).toEqual([]);
  });
});

describe('waitForSchema', () => {
  let database: TestDatabase;
  const others: DataSource[] = [];
  beforeEach(async () => {
    database = await TestDatabase.create(inject('system'), { migrated: false });
  });
  afterEach(async () => {
    await Promise.all(others.splice(0).map((dataSource) => dataSource.destroy()));
    await database.drop();
  });
  const another = async () => {
    const dataSource = await database.connectAnother();
    others.push(dataSource);
    return dataSource;
  };

  it('waits until another process migrates and reports the wait once', async () => {
    let reports = 0;
    let isWaiting: () => void = vi.fn();
    const waiting = new Promise<void>((resolve) => (isWaiting = resolve));
    const ready = waitForSchema(await another(), () => {
      reports++;
      isWaiting();
    });
    await waiting;
    await migrate(database.dataSource);
    await ready;
    expect(reports).toBe(1);
  });

  it('reports no wait when the schema is already migrated', async () => {
    await migrate(database.dataSource);
    await waitForSchema(await another(), () => expect.unreachable('it must not wait'));
  });

  it('fails at its deadline with a message that says what to do', async () => {
    await expect(waitForSchema(await another(), vi.fn(), 300)).rejects.toThrow('run the migrations');
  });

  it('does not disturb a migration that starts at the same moment', async () => {
    for (let round = 0; round < 2; round++) {
      const fresh = await TestDatabase.create(inject('system'), { migrated: false });
      const workers = await Promise.all([1, 2, 3, 4].map(() => fresh.connectAnother()));
      const api = migrate(fresh.dataSource);
      const outcomes = await Promise.allSettled([
        api,
        ...workers.map((worker) => waitForSchema(worker, vi.fn())),
      ]);
      await Promise.all(workers.map((worker) => worker.destroy()));
      await fresh.drop();
      const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(failures.map((failure) => String(failure.reason))).toEqual([]);
    }
  });
});
