import { EngineConfig } from '@nexos/config';
import { type EnvironmentEntity, type Lease, LeaseLostError } from '@nexos/database';
import { DeploymentsRepository, RoutesRepository } from '@nexos/state';
import { type DeploymentServices } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { HealthWait } from '../../../apps/lifecycle/src/rollout/health-wait.js';
import type { IngressRoutes } from '../../../apps/lifecycle/src/ingress/ingress-routes.js';
import type { AppStarter } from '../../../apps/lifecycle/src/rollout/app-starter.js';
import { PauseResume } from '../../../apps/lifecycle/src/pause/pause-resume.js';
import { TestDatabase } from '../../support/database.js';
import { aQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const EPOCH = '7';
let environment: EnvironmentEntity;
let done: string[];
beforeEach(async () => {
  const { environmentId } = await aQueuedDeployment(database);
  environment = { id: environmentId, hostname: `${environmentId}.example` } as EnvironmentEntity;
  done = [];
});

/** The database is real; of the engine and the ingress only what is done to them is written down. */
function sleep(): PauseResume {
  const services = {
    listForEnvironment: () =>
      Promise.resolve([
        { name: 'old', replicas: 1 },
        { name: 'new', replicas: 1 },
      ]),
    scale: (name: string, replicas: number) => Promise.resolve(done.push(`${name} to ${replicas}`)),
  };
  const routes = { takeAway: () => Promise.resolve(done.push('the route')) };
  return new PauseResume(
    database.repository(DeploymentsRepository),
    database.repository(RoutesRepository),
    services as unknown as DeploymentServices,
    {} as HealthWait,
    routes as unknown as IngressRoutes,
    new EngineConfig(),
    {} as AppStarter,
  );
}
const set = (status: string, desired: string) =>
  database.dataSource.query(
    `UPDATE environments SET status = $2, desired_state = $3, lease_epoch = $4 WHERE id = $1`,
    [environment.id, status, desired, EPOCH],
  );
const lease = (guard: Lease['guard'] = () => Promise.resolve()): Lease => ({
  epoch: EPOCH,
  signal: new AbortController().signal,
  guard,
});
const contextOf = (held: Lease) => ({ environment, lease: held, signal: held.signal });

describe('pausing', () => {
  it.each(['running', 'paused'])('takes the route away, then stops what runs, when %s', async (status) => {
    await set(status, 'paused');
    await sleep().pause(contextOf(lease()));
    expect(done).toEqual(['the route', 'old to 0', 'new to 0']);
  });

  it('stops nothing when it was resumed after the worker looked', async () => {
    await set('running', 'running');
    await sleep().pause(contextOf(lease()));
    expect(done).toEqual([]);
  });

  it('ends when another worker has taken over', async () => {
    await set('running', 'paused');
    await database.dataSource.query('UPDATE environments SET lease_epoch = 8 WHERE id = $1', [
      environment.id,
    ]);
    const lost = lease(() => Promise.reject(new LeaseLostError('environments', environment.id)));
    await expect(sleep().pause(contextOf(lost))).rejects.toThrow(LeaseLostError);
    expect(done).toEqual([]);
  });
});
