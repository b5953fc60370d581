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
import { createQueuedDeployment, API_ACTOR } from '../../support/rows.js';

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
  const { environmentId: id, projectId } = await createQueuedDeployment(database);
  environment = { id, projectId };
});
const partsOf = ({ id }: { id: string }) => parts.ofEnvironment(id);

describe('ServicePasswords.reserve', () => {
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

  it('refuses with a reason once Redis has no free logical database', async () => {
    await fill('redis');
    const wanted = ['postgres', 'redis'] as const;
    await expect(keys.reserve(environment, wanted)).rejects.toMatchObject({
      code: 'service_not_ready',
      message: expect.stringContaining('Destroy an environment') as string,
    });
    expect(await partsOf(environment)).toEqual([]);
    await database.dataSource.query('DELETE FROM environment_services WHERE number = 17');
    await keys.reserve(environment, wanted);
    await keys.reserve(environment, wanted);
    expect(await partsOf(environment)).toMatchObject([{ kind: 'postgres' }, { kind: 'redis', number: 17 }]);
  });
});

describe('ProjectServicesRepository.findAbandoned', () => {
  it('returns the volumes of earlier instances of a service, not the current one', async () => {
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

describe('the part of an environment in a service', () => {
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
  const isNew = async () => {
    const [isNewDatabase, isSeedDue] = [
      await databases.isNew(environment.id),
      await databases.isSeedDue(environment.id),
    ];
    expect(isSeedDue).toBe(isNewDatabase);
    return isNewDatabase;
  };
  beforeEach(async () => {
    await keys.reserve(environment, ['postgres']);
    await set('lease_epoch = 7, is_new = false, seed_due = false');
  });

  it('counts a service as used once the part is provisioned and while a worker may be provisioning it', async () => {
    expect(await inUse()).toBe(false);
    await set(`lease_until = now() + interval '1 minute'`);
    expect(await inUse()).toBe(true);
    await set(`lease_until = now() - interval '1 minute'`);
    expect(await inUse()).toBe(false);
    await record('7');
    expect(await inUse()).toBe(true);
  });

  it('records provisioning once, only for the lease holder, and marks the database as new', async () => {
    expect([await record('6'), await isNew()]).toEqual([false, false]);
    expect([await record('7'), await isNew()]).toEqual([true, true]);
    await set('is_new = false, seed_due = false');
    expect([await record('7'), await isNew()]).toEqual([false, false]);
  });

  it('reports generation 0 until the database is provisioned, then the observed generation', async () => {
    const generation = () => databases.generationOf(environment.id);
    await set('database_generation = 5, observed_database_generation = 4');
    expect(await generation()).toBe(0);
    await record('7');
    expect(await generation()).toBe(4);
  });

  it('marks the database as new after a reset, but not after a restore', async () => {
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

describe('database backups', () => {
  /** The current generation; there are two more backups than are kept. */
  const CURRENT = MAX_BACKUPS + 3;

  beforeEach(async () => {
    await database.dataSource.query(
      `UPDATE environments SET status = 'running', database_generation = ${CURRENT}, observed_database_generation = ${CURRENT}
       WHERE id = $1`,
      [environment.id],
    );
    await database.dataSource.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at)
       SELECT $1, generation, now() + interval '1 day' FROM generate_series(1, ${CURRENT - 1}) generation`,
      [environment.id],
    );
  });
  const tooMany = () => backups.findExpired(environment.id);
  const restore = (generation: number) =>
    database.unitOfWork.run((transaction) =>
      restoreDatabase(transaction, environment.id, generation, API_ACTOR),
    );

  it('keeps at most MAX_BACKUPS backups and refuses to restore an older one', async () => {
    expect(await tooMany()).toEqual([1, 2]);
    const kept = await backups.findRestorable(environment.id);
    expect(kept.map(({ generation }) => generation)).toEqual(
      Array.from({ length: MAX_BACKUPS }, (_, index) => CURRENT - 1 - index),
    );
    expect((await restore(2)).refused).not.toBeNull();
    expect((await restore(3)).refused).toBeNull();
  });

  it('does not drop a backup while it is being made, however long that takes, and keeps it from then on', async () => {
    await database.dataSource.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at) VALUES ($1, ${CURRENT}, now() - interval '1 day')`,
      [environment.id],
    );
    expect(await tooMany()).toEqual([1, 2, 3]);
    await backups.record(environment.id, CURRENT);
    await database.dataSource.query(
      `UPDATE environments SET database_generation = ${CURRENT + 1}, observed_database_generation = ${CURRENT + 1} WHERE id = $1`,
      [environment.id],
    );
    expect(await tooMany()).toEqual([1, 2, 3]);
  });

  it('leaves room for the backup that a restore makes of the current database', async () => {
    await database.dataSource.query('DELETE FROM database_backups WHERE generation < 3');
    await restore(5);
    await backups.record(environment.id, CURRENT);
    expect(await tooMany()).toEqual([]);
  });

  it('does not drop a backup while it is being restored', async () => {
    await restore(3);
    await database.dataSource.query(
      `INSERT INTO database_backups (environment_id, generation, expires_at) VALUES ($1, ${CURRENT}, now() + interval '1 day')`,
      [environment.id],
    );
    expect(await tooMany()).toEqual([1, 2]);
  });
});

describe('EnvironmentsRepository.isAnyActive', () => {
  const set = (assignments: string) =>
    database.dataSource.query(`UPDATE environments SET ${assignments} WHERE id = $1`, [environment.id]);
  const setDeploymentStatus = (status: string) =>
    database.dataSource.query(`UPDATE deployments SET status = $2 WHERE environment_id = $1`, [
      environment.id,
      status,
    ]);

  it.each<[boolean, string, string, string]>([
    [true, 'waits for its first build', 'queued', `status = 'pending'`],
    [true, 'builds its first version', 'building', `status = 'pending'`],
    [true, 'failed and rolls out another version', 'deploying', `status = 'failed'`],
    [false, 'failed', 'cancelled', `status = 'failed'`],
    [false, 'has nothing to run and no deployment in progress', 'cancelled', `status = 'pending'`],
    [
      true,
      'failed and waits for a database reset',
      'cancelled',
      `status = 'failed', database_generation = 2`,
    ],
    [true, 'runs', 'live', `status = 'running', live_deployment_id = latest_deployment_id`],
    [true, 'is being paused', 'live', `status = 'running', desired_state = 'paused'`],
    [false, 'is paused', 'live', `status = 'paused', desired_state = 'paused'`],
    [true, 'is being resumed', 'live', `status = 'paused', live_deployment_id = latest_deployment_id`],
    [
      false,
      'is destroyed',
      'live',
      `status = 'destroyed', desired_state = 'destroyed', destroyed_at = now()`,
    ],
  ])('returns %s for a project whose environment %s', async (isNeeded, _what, deployment, assignments) => {
    await setDeploymentStatus(deployment);
    await set(assignments);
    expect(await environments.isAnyActive(environment.projectId)).toBe(isNeeded);
  });

  it('counts an environment being destroyed as active until its parts in services are removed', async () => {
    await setDeploymentStatus('cancelled');
    await keys.reserve(environment, ['redis']);
    await set(`status = 'destroying', desired_state = 'destroyed'`);
    expect(await environments.isAnyActive(environment.projectId)).toBe(true);
    await parts.forget(environment.id);
    expect(await environments.isAnyActive(environment.projectId)).toBe(false);
  });
});
