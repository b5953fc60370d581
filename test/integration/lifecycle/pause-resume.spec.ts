import { type EnvironmentEntity, type Lease, LeaseLostError, type Transaction } from '@nexos/database';
import { DeploymentsRepository, HostnamesRepository, RoutesRepository } from '@nexos/state';
import { type DeploymentServices } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ContainersUp } from '../../../apps/lifecycle/src/rollout/containers-up.js';
import type { IngressRoutes } from '../../../apps/lifecycle/src/ingress/ingress-routes.js';
import type { RestartNotices } from '../../../apps/lifecycle/src/ingress/restart-notices.js';
import type { AppStarter } from '../../../apps/lifecycle/src/rollout/app-starter.js';
import type { Cleanup } from '../../../apps/lifecycle/src/reconcile/cleanup.js';
import type { EnvironmentErrors } from '../../../apps/lifecycle/src/reconcile/environment-errors.js';
import type { LastOutput } from '../../../apps/lifecycle/src/runtime-logs/last-output.js';
import { PauseResume } from '../../../apps/lifecycle/src/pause/pause-resume.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const EPOCH = '7';
let environment: EnvironmentEntity;
let changes: string[];
beforeEach(async () => {
  const { id, environmentId } = await createQueuedDeployment(database);
  environment = {
    id: environmentId,
    hostname: `${environmentId}.example`,
    liveDeploymentId: id,
    projectId: 'proj_1',
  } as EnvironmentEntity;
  changes = [];
});

/** Uses the real database and fakes of the engine and the ingress that record their changes. */
function pauseResume(): PauseResume {
  const services = {
    listForEnvironment: () =>
      Promise.resolve([
        { name: 'old', replicas: 1 },
        { name: 'new', replicas: 1 },
      ]),
    scale: (name: string, replicas: number) => Promise.resolve(changes.push(`${name} to ${replicas}`)),
  };
  const routes = {
    whileChanging: (hosts: EnvironmentEntity, change: (transaction: Transaction) => Promise<boolean>) =>
      database.repository(RoutesRepository).whileLocked(hosts, async (transaction) => {
        const isChanged = await change(transaction);
        if (isChanged) changes.push('the route');
        return isChanged;
      }),
  };
  return new PauseResume(
    database.unitOfWork,
    database.repository(DeploymentsRepository),
    database.repository(HostnamesRepository),
    services as unknown as DeploymentServices,
    {} as ContainersUp,
    routes as unknown as IngressRoutes,
    {} as AppStarter,
    {} as Cleanup,
    { follow: () => Promise.resolve(changes.push('followed')) } as unknown as LastOutput,
    {} as EnvironmentErrors,
    { withdraw: () => Promise.resolve() } as unknown as RestartNotices,
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

describe('PauseResume', () => {
  it.each([
    ['running', 'pausing'],
    ['pausing', 'pausing'],
    ['failed', 'pausing'],
    ['resuming', 'pausing'],
    ['paused', 'paused'],
  ])('removes the route, follows the log and then stops services when %s', async (status, then) => {
    await set(status, 'paused');
    await pauseResume().stop(contextOf(lease()));
    expect(changes).toEqual(['the route', 'followed', 'old to 0', 'new to 0']);
    const rows = await database.rows('SELECT status FROM environments WHERE id = $1', [environment.id]);
    expect(rows).toEqual([{ status: then }]);
  });

  it('stops nothing when the environment was resumed after the worker read it', async () => {
    await set('running', 'running');
    await pauseResume().stop(contextOf(lease()));
    expect(changes).toEqual([]);
  });

  it('does not pause when another worker has taken over', async () => {
    await set('running', 'paused');
    await database.dataSource.query('UPDATE environments SET lease_epoch = 8 WHERE id = $1', [
      environment.id,
    ]);
    const lost = lease(() => Promise.reject(new LeaseLostError('environments', environment.id)));
    await expect(pauseResume().stop(contextOf(lost))).rejects.toThrow(LeaseLostError);
    expect(changes).toEqual([]);
  });
});
