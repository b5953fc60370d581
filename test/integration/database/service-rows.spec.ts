import { Sealer } from '@nexos/crypto';
import {
  DatabaseBackupsRepository,
  EnvironmentDatabasesRepository,
  EnvironmentServicesRepository,
  EnvironmentsRepository,
  MAX_BACKUPS,
  ProjectServicesRepository,
  recordReset,
  restoreDatabase,
} from '@nexos/state';
import { ServicePasswords } from '@nexos/env-vars';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { aQueuedDeployment, SOMEBODY } from '../../support/rows.js';

let database: TestDatabase;
let keys: ServicePasswords;
let environment: { id: string; projectId: string };
let services: ProjectServicesRepository;
let parts: EnvironmentServicesRepository;
let environments: EnvironmentsRepository;
let databases: EnvironmentDatabasesRepository;
let backups: DatabaseBackupsRepository;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  await database.dataSource.query(
    'ALTER TABLE environment_services DROP CONSTRAINT environment_services_environment_id_fkey',
  );
  const sealer = { seal: () => 'sealed' } as unknown as Sealer;
  services = database.repository(ProjectServicesRepository);
  parts = database.repository(EnvironmentServicesRepository);
  environments = database.repository(EnvironmentsRepository);
  databases = database.repository(EnvironmentDatabasesRepository);
  backups = database.repository(DatabaseBackupsRepository);
  keys = new ServicePasswords(database.unitOfWork, services, parts, sealer);
});
afterAll(() => database.drop());
beforeEach(async () => {
  const { environmentId: id, projectId } = await aQueuedDeployment(database);
  environment = { id, projectId };
});
const partsOf = ({ id }: { id: string }) => parts.ofEnvironment(id);

describe('a place in a service', () => {
  async function fill(kind: string): Promise<void> {
    await database.dataSource.query(
      `INSERT INTO project_services (project_id, kind, sealed_password) VALUES ($1, $2, '')`,
      [environment.projectId, kind],
    );
    await database.dataSource.query(
      `INSERT INTO environment_services (environment_id, kind, project_id, number, sealed_password)
       SELECT 'env_other_' || number, $2, $1, number, '' FROM generate_series(1, 1023) number`,
      [environment.projectId, kind],
    );
  }

  it('is refused, and says why, once a Redis has no logical database left', async () => {
    await fill('redis');
    const wanted = ['postgres', 'redis'] as const;
    await expect(keys.reserve(environment, wanted)).rejects.toMatchObject({
      code: 'service_not_ready',
      message: expect.stringContaining('Destroy one') as string,
    });
    expect(await partsOf(environment)).toEqual([]);
    await database.dataSource.query('DELETE FROM environment_services WHERE number = 17');
    await keys.reserve(environment, wanted);
    await keys.reserve(environment, wanted);
    expect(await partsOf(environment)).toMatchObject([{ kind: 'postgres' }, { kind: 'redis', number: 17 }]);
  });
});

describe('the volume of a service', () => {
  it('is not that of an earlier life of it', async () => {
    const { projectId } = environment;
    const suffixOf = async () => (await services.ofProject(projectId))[0]?.volumeSuffix ?? null;
    await keys.reserve(environment, ['redis']);
    const earlier = await suffixOf();
    await services.forgetAll(projectId);
    await keys.reserve(environment, ['redis']);
    const present = await suffixOf();
    expect(present).toMatch(/^[0-9a-f]{8}$/);
    const volumes = [earlier, present, null].map((suffix) => ({ projectId, kind: 'redis', suffix }));
    const left = () => services.findAbandoned(volumes);
    expect((await left()).map(({ suffix }) => suffix)).toEqual([earlier, null]);
    await database.dataSource.query('UPDATE project_services SET volume_suffix = NULL');
    expect((await left()).map(({ suffix }) => suffix)).toEqual([earlier, present]);
  });
});

describe('an environment’s part', () => {
  const inUse = () =>
    parts.isServiceUsed({
      projectId: environment.projectId,
      environmentId: 'env_other',
      kind: 'postgres',
    });
  const record = (epoch: string) =>
    parts.recordProvisioned({ environmentId: environment.id, epoch }, 'postgres');
  const set = (values: string) =>
    database.dataSource.query(`UPDATE environments SET ${values} WHERE id = $1`, [environment.id]);
  const isNew = () => databases.isNew(environment.id);
  beforeEach(async () => {
    await keys.reserve(environment, ['postgres']);
    await set('lease_epoch = 7, is_new = false');
  });

  it('keeps a service from being given up once it is made, and while somebody may be making it', async () => {
    expect(await inUse()).toBe(false);
    await set(`lease_until = now() + interval '1 minute'`);
    expect(await inUse()).toBe(true);
    await set(`lease_until = now() - interval '1 minute'`);
    expect(await inUse()).toBe(false);
    await record('7');
    expect(await inUse()).toBe(true);
  });

  it('is recorded once, by who holds the environment, which has a new database then', async () => {
    expect([await record('6'), await isNew()]).toEqual([false, false]);
    expect([await record('7'), await isNew()]).toEqual([true, true]);
    await set('is_new = false');
    expect([await record('7'), await isNew()]).toEqual([false, false]);
  });

  it('is the database that is in its place once it is made, and none before', async () => {
    const generation = () => databases.generationOf(environment.id);
    await set('database_generation = 5, observed_database_generation = 4');
    expect(await generation()).toBe(0);
    await record('7');
    expect(await generation()).toBe(4);
  });

  it('is a new database after a reset, and none when an older one was brought back', async () => {
    const reset = (databaseGeneration: number, restoredGeneration: number | null) =>
      database.unitOfWork.run((transaction) =>
        recordReset(transaction, {
          environmentId: environment.id,
          epoch: '7',
          databaseGeneration,
          restoredGeneration,
        }),
      );
    await set('database_generation = 2');
    expect([await reset(2, null), await isNew()]).toEqual([true, true]);
    await set('database_generation = 3, restored_generation = 1');
    expect([await reset(3, 1), await isNew()]).toEqual([true, false]);
  });
});

describe('databases that were put aside', () => {
  /** The generation of the one that is not: two more were put aside than are kept. */
  const NOW = MAX_BACKUPS + 3;

  beforeEach(async () => {
    await database.dataSource.query(
      `UPDATE environments SET status = 'running', database_generation = ${NOW}, observed_database_generation = ${NOW}
       WHERE id = $1`,
      [environment.id],
    );
    await database.dataSource.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at)
       SELECT $1, generation, now() + interval '1 day' FROM generate_series(1, ${NOW - 1}) generation`,
      [environment.id],
    );
  });
  const tooMany = () => backups.findExpired(environment.id);
  const restore = (generation: number) =>
    database.unitOfWork.run((transaction) =>
      restoreDatabase(transaction, environment.id, generation, SOMEBODY),
    );

  it('are so many at the most, and no older one is brought back', async () => {
    expect(await tooMany()).toEqual([1, 2]);
    const kept = await backups.findRestorable(environment.id);
    expect(kept.map(({ generation }) => generation)).toEqual(
      Array.from({ length: MAX_BACKUPS }, (_, index) => NOW - 1 - index),
    );
    expect((await restore(2)).refused).not.toBeNull();
    expect((await restore(3)).refused).toBeNull();
  });

  it('are not dropped while they are put aside, however long that takes, and kept from then on', async () => {
    await database.dataSource.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at) VALUES ($1, ${NOW}, now() - interval '1 day')`,
      [environment.id],
    );
    expect(await tooMany()).toEqual([1, 2, 3]);
    await backups.record(environment.id, NOW);
    await database.dataSource.query(
      `UPDATE environments SET database_generation = ${NOW + 1}, observed_database_generation = ${NOW + 1} WHERE id = $1`,
      [environment.id],
    );
    expect(await tooMany()).toEqual([1, 2, 3]);
  });

  it('leave a place for the one that changes places with another', async () => {
    await database.dataSource.query('DELETE FROM database_backups WHERE generation < 3');
    await restore(5);
    await backups.record(environment.id, NOW);
    expect(await tooMany()).toEqual([]);
  });

  it('are not dropped while they are brought back', async () => {
    await restore(3);
    await database.dataSource.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at) VALUES ($1, ${NOW}, now() + interval '1 day')`,
      [environment.id],
    );
    expect(await tooMany()).toEqual([1, 2]);
  });
});

describe('the services of a project', () => {
  const set = (assignments: string) =>
    database.dataSource.query(`UPDATE environments SET ${assignments} WHERE id = $1`, [environment.id]);
  const deploymentIs = (status: string) =>
    database.dataSource.query(`UPDATE deployments SET status = $2 WHERE environment_id = $1`, [
      environment.id,
      status,
    ]);

  it.each<[boolean, string, string, string]>([
    [true, 'is to have its first version', 'queued', `status = 'pending'`],
    [true, 'builds it', 'building', `status = 'pending'`],
    [true, 'failed, and starts another one', 'deploying', `status = 'failed'`],
    [false, 'failed', 'cancelled', `status = 'failed'`],
    [false, 'has nothing to run, and nothing on its way', 'cancelled', `status = 'pending'`],
    [
      true,
      'failed, and its database is to be reset',
      'cancelled',
      `status = 'failed', database_generation = 2`,
    ],
    [true, 'runs', 'live', `status = 'running', live_deployment_id = latest_deployment_id`],
    [true, 'is on its way to a pause', 'live', `status = 'running', desired_state = 'paused'`],
    [false, 'is paused', 'live', `status = 'paused', desired_state = 'paused'`],
    [true, 'is on its way back', 'live', `status = 'paused', live_deployment_id = latest_deployment_id`],
    [
      false,
      'is destroyed',
      'live',
      `status = 'destroyed', desired_state = 'destroyed', destroyed_at = now()`,
    ],
  ])('are needed: %s, by an environment that %s', async (isNeeded, _what, deployment, assignments) => {
    await deploymentIs(deployment);
    await set(assignments);
    expect(await environments.isAnyActive(environment.projectId)).toBe(isNeeded);
  });

  it('are needed by an environment that is destroyed until what it has in them is taken out', async () => {
    await deploymentIs('cancelled');
    await keys.reserve(environment, ['redis']);
    await set(`status = 'destroying', desired_state = 'destroyed'`);
    expect(await environments.isAnyActive(environment.projectId)).toBe(true);
    await parts.forget(environment.id);
    expect(await environments.isAnyActive(environment.projectId)).toBe(false);
  });
});
