import {
  DatabaseBackupsRepository,
  DeploymentsRepository,
  DueEnvironmentsRepository,
  EnvironmentErrorsRepository,
  EnvironmentsRepository,
  HeldRestartsRepository,
  MAX_BACKUPS,
  NodeRemovalsRepository,
} from '@nexos/state';
import { type Lease } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { type DeploymentServices, EngineUnavailableError } from '@nexos/engine';
import { DecryptedVariables, type ProjectVariables } from '@nexos/env-vars';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { EnvironmentErrors } from '../../../apps/lifecycle/src/reconcile/environment-errors.js';
import { EnvironmentReconciler } from '../../../apps/lifecycle/src/reconcile/environment-reconciler.js';
import { NodeLossCheck } from '../../../apps/lifecycle/src/nodes/node-loss-check.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';

Logger.overrideLogger(false);
const EPOCH = '7';
const never = new AbortController().signal;
const lease: Lease = { epoch: EPOCH, signal: never, guard: () => Promise.resolve() };
let database: TestDatabase;
let id: string;
let failure: Error | null;
let dropped: number[];
let order: string[];

beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());
beforeEach(async () => {
  dropped = [];
  order = [];
  ({ environmentId: id } = await createQueuedDeployment(database));
  await database.dataSource.query(
    `UPDATE environments SET status = 'running', live_deployment_id = latest_deployment_id, lease_epoch = $2,
       database_generation = 2, generation = 2, observed_generation = 1 WHERE id = $1`,
    [id, EPOCH],
  );
});

/** Reconciles with the real database and a fake engine, whose reset fails while `failure` is set. */
async function converge(): Promise<void> {
  const [live] = await database.rows<{ deploymentId: string }>(
    'SELECT live_deployment_id AS "deploymentId" FROM environments WHERE id = $1',
    [id],
  );
  const variables = {
    open: () =>
      Promise.resolve(
        new DecryptedVariables([{ key: 'TOKEN', branch: '', value: 'very-secret', isSecret: true }]),
      ),
  } as unknown as ProjectVariables;
  const done = () => Promise.resolve();
  const drop = (_: unknown, generation: number) => Promise.resolve(void dropped.push(generation));
  const removeAll = () => Promise.resolve(void order.push('hooks gone'));
  const anything = {
    removeAll,
    publish: done,
    removeVersions: done,
    removeServices: done,
    removeOldImages: () => Promise.resolve(true),
    releaseVersions: () => Promise.resolve(true),
    run: done,
  };
  const reconciler = new EnvironmentReconciler(
    database.unitOfWork,
    database.repository(EnvironmentsRepository),
    database.repository(DeploymentsRepository),
    database.repository(DatabaseBackupsRepository),
    database.repository(HeldRestartsRepository),
    {
      listForEnvironment: () =>
        failure instanceof EngineUnavailableError
          ? Promise.reject(failure)
          : Promise.resolve([{ ...live, container: 'app', replicas: 1 }]),
    } as unknown as DeploymentServices,
    anything as never,
    anything as never,
    anything as never,
    anything as never,
    anything as never,
    {
      swapDatabase: () => {
        order.push('swapped');
        return failure === null ? done() : Promise.reject(failure);
      },
      dropDatabase: drop,
    } as never,
    anything as never,
    anything as never,
    { run: () => database.dataSource.query('UPDATE environments SET hooks_due = false') } as never,
    new NodeLossCheck(database.repository(NodeRemovalsRepository)),
    new EnvironmentErrors(database.repository(EnvironmentErrorsRepository), variables),
  );
  await reconciler.converge(id, lease, never);
}
const errorOf = async () =>
  (
    await database.rows<Record<string, unknown>>(
      `SELECT error_code AS code, error_message AS message, error_at IS NOT NULL AS "hasTime", error_count AS count
     FROM environments WHERE id = $1`,
      [id],
    )
  )[0];
const isDueAfter = async (seconds: number) => {
  await database.dataSource.query(
    'UPDATE environments SET error_at = now() - make_interval(secs => $2) WHERE id = $1',
    [id, seconds],
  );
  return (await database.repository(DueEnvironmentsRepository).findStalled()).some(
    (found) => found.id === id,
  );
};

describe('EnvironmentErrors', () => {
  it('records why reconciling fails, without secrets, until it succeeds', async () => {
    failure = new DeploymentFailure('service_not_ready', 'Postgres is away (very-secret).');
    await expect(converge()).rejects.toThrow(failure);
    expect(await errorOf()).toEqual({
      code: 'service_not_ready',
      message: 'Postgres is away ([redacted]). Nexos keeps trying.',
      hasTime: true,
      count: 1,
    });
    failure = new Error('of our own /var/lib/x');
    await expect(converge()).rejects.toThrow(failure);
    expect(await errorOf()).toMatchObject({
      code: 'internal_error',
      message: expect.not.stringContaining('/var/lib') as string,
      count: 2,
    });
    failure = null;
    await converge();
    expect(await errorOf()).toEqual({ code: null, message: null, hasTime: false, count: 0 });
  });

  it('backs off after failures of an environment, but retries soon when the engine is unreachable', async () => {
    failure = new Error('again and again');
    for (let attempt = 0; attempt < 5; attempt++) await expect(converge()).rejects.toThrow(failure);
    expect(await isDueAfter(15)).toBe(false);
    expect(await isDueAfter(17)).toBe(true);
    for (let attempt = 0; attempt < 5; attempt++) await expect(converge()).rejects.toThrow(failure);
    expect(await isDueAfter(59)).toBe(false);
    expect(await isDueAfter(61)).toBe(true);
    failure = new EngineUnavailableError('away');
    await expect(converge()).rejects.toThrow(failure);
    expect(await errorOf()).toMatchObject({ code: 'engine_unavailable', count: 0 });
    expect(await isDueAfter(1)).toBe(true);
  });

  it('records no error of a worker that has lost its lease', async () => {
    failure = new Error('too late');
    await database.dataSource.query('UPDATE environments SET lease_epoch = 8 WHERE id = $1', [id]);
    await expect(converge()).rejects.toThrow(failure);
    expect(await errorOf()).toMatchObject({ code: null });
  });
});

it('drops the oldest backups beyond the limit before a reset makes another', async () => {
  await database.dataSource.query(
    'UPDATE environments SET database_generation = $2::integer + 1, observed_database_generation = $2::integer WHERE id = $1',
    [id, MAX_BACKUPS + 2],
  );
  await database.dataSource.query(
    `INSERT INTO database_backups (environment_id, generation, expires_at)
     SELECT $1, generation, now() + interval '1 day' FROM generate_series(1, $2::integer) generation`,
    [id, MAX_BACKUPS + 1],
  );
  failure = new Error('the swap comes after');
  await expect(converge()).rejects.toThrow(failure);
  expect(dropped).toEqual([1, 2]);
  expect(order).toEqual(['hooks gone', 'swapped']);
  const rows = await database.rows('SELECT 1 FROM database_backups WHERE environment_id = $1', [id]);
  expect(rows).toHaveLength(MAX_BACKUPS);
});
