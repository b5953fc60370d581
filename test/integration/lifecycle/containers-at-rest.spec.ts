import { type Transaction } from '@nexos/database';
import { putToSleep, wakeEnvironment } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { StaysUp } from '../../../apps/lifecycle/src/rollout/stays-up.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const CONTAINERS = [
  { name: 'worker', depends_on: ['api'] },
  { name: 'api', port: 3001, public: true },
];

let nexos: LifecycleInMemory;
beforeAll(async () => {
  vi.spyOn(StaysUp.prototype, 'observe').mockImplementation(([newest]) => newest?.state === 'running');
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => {
  nexos.engine.reset();
  nexos.engine.routes.clear();
});
afterAll(() => {
  vi.restoreAllMocks();
  return nexos.stop();
});

describe('a version with several containers', () => {
  it('shows each container as healthy from the moment that it is live, and again when it is resumed', async () => {
    const first = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    const healths = () =>
      nexos.database.rows<{ container: string; state: string; message: string }>(
        'SELECT container, state, message FROM container_health WHERE deployment_id = $1 ORDER BY container',
        [first.id],
      );
    const healthy = (happened: string) => [
      { container: 'api', state: 'healthy', message: `The container api has just ${happened}.` },
      {
        container: 'app',
        state: 'healthy',
        message: `The app has just ${happened}.`,
      },
      { container: 'worker', state: 'healthy', message: `The container worker has just ${happened}.` },
    ];
    expect(await healths()).toEqual(healthy('gone live'));
    await nexos.act(first.environmentId, `desired_state = 'paused'`);
    await nexos.act(first.environmentId, `desired_state = 'running'`);
    expect(await healths()).toEqual(healthy('been resumed'));
  });

  it('sleeps and wakes with all of them and all hosts', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    const before = new Map(nexos.engine.routes);
    const replicas = () => ['app', 'api', 'worker'].map((name) => nexos.replicasOf(live, name));
    expect(before.size).toBe(2);
    const id = live.environmentId;
    const change = async (work: (transaction: Transaction) => Promise<boolean>) => {
      expect(await nexos.database.unitOfWork.run(work)).toBe(true);
      await nexos.reconcile(live);
    };
    const [{ generation } = { generation: '' }] = await nexos.database.rows<{ generation: string }>(
      'SELECT generation FROM environments WHERE id = $1',
      [id],
    );
    await change((transaction) => putToSleep(transaction, { id, generation }));
    expect([replicas(), nexos.engine.routes.size]).toEqual([[0, 0, 0], 0]);
    await change((transaction) => wakeEnvironment(transaction, id));
    expect([replicas(), nexos.engine.routes]).toEqual([[1, 1, 1], before]);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', isSettled: true });
  });
});
