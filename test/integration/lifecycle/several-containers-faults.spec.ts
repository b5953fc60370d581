import { cancelDeployment } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { StaysUp } from '../../../apps/lifecycle/src/rollout/stays-up.js';
import type { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';
import { BY_REQUEST } from '../../support/rows.js';
import { MANAGER, RemovableWorker } from './removable-worker.js';

const staysUp = vi.spyOn(StaysUp.prototype, 'observe');
let swarm: RemovableWorker;
let nexos: LifecycleInMemory;
beforeAll(async () => {
  // The five seconds without an exit have a test of their own.
  staysUp.mockImplementation(([newest]) => newest?.state === 'running');
  swarm = await RemovableWorker.start(inject('system'));
  ({ nexos } = swarm);
});
beforeEach(() => {
  nexos.engine.reset();
  nexos.engine.apps.clear();
});
afterAll(() => {
  vi.restoreAllMocks();
  return nexos.stop();
});

const CONTAINERS = [
  { name: 'worker', overlap: false, depends_on: ['api'] },
  { name: 'api', port: 3001, public: true },
];
const NAMES = ['api', 'app', 'worker'];
interface Version {
  readonly id: string;
  readonly environmentId: string;
}

/** The containers of a version that run. */
const runningOf = ({ id }: Pick<Version, 'id'>) =>
  [...nexos.engine.apps.values()]
    .filter(({ spec, replicas }) => spec.deploymentId === id && replicas > 0)
    .map(({ spec }) => spec.container)
    .sort();
const networksOf = ({ environmentId }: Version) =>
  [...nexos.engine.versionNetworks].filter(([, owner]) => owner === environmentId).map(([id]) => id);

/** Expects a version to be live, and nothing to be left of any other of its environment. */
async function expectLive(version: Version, status = 'running'): Promise<void> {
  const { environmentId, id } = version;
  expect(await nexos.environment(version)).toMatchObject({ status, live: id, isSettled: true });
  expect(runningOf(version)).toEqual(NAMES);
  const services = [...nexos.engine.apps.values()].filter(({ spec }) => spec.environmentId === environmentId);
  expect(services.map(({ spec }) => spec.deploymentId)).toEqual(NAMES.map(() => id));
  expect(networksOf(version)).toEqual([id]);
  const keys = [...nexos.engine.versions.keys()].filter((key) => key.startsWith(`=${environmentId}`));
  expect(keys.filter((key) => key.includes('/')).every((key) => key.includes(id))).toBe(true);
  expect(nexos.engine.versions.get(`=${environmentId}`)).toContain(id);
  expect(await nexos.database.rows('SELECT 1 FROM capacity_claims')).toEqual([]);
}

/**
 * Runs work once for each change that it makes, and lets the worker lose the engine right before that one.
 *
 * @param work prepares, returns what to do, and what must hold after it was repeated
 */
async function losingEngine(
  work: () => Promise<{ act: () => Promise<unknown>; holds: () => Promise<void> }>,
): Promise<number> {
  for (let fatal = 0; ; fatal++) {
    nexos.engine.reset();
    const { act, holds } = await work();
    let count = 0;
    nexos.engine.before = () => {
      if (count++ === fatal) nexos.engine.isUnreachable = true;
      return Promise.resolve();
    };
    await act().catch(() => undefined);
    const isOver = count <= fatal;
    nexos.engine.reset();
    await act();
    await holds();
    if (isOver) return fatal;
  }
}

describe('a version with several containers, when its worker dies before any change', () => {
  it('goes live with all of them', async () => {
    const changes = await losingEngine(async () => {
      const project = await nexos.project();
      await nexos.deploy(project, { containers: CONTAINERS });
      const next = await nexos.built(project, { containers: CONTAINERS });
      return { act: () => nexos.reconcile(next), holds: () => expectLive(next) };
    });
    // Three starts, one stop, the network, and what is left of the old version.
    expect(changes).toBe(9);
  });

  it('resumes with all of them', async () => {
    const changes = await losingEngine(async () => {
      const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
      await nexos.act(live.environmentId, `desired_state = 'paused'`);
      await nexos.want(live.environmentId, `desired_state = 'running'`);
      return { act: () => nexos.reconcile(live), holds: () => expectLive(live) };
    });
    expect(changes).toBe(3);
  });

  it('keeps the live version when one of them fails', async () => {
    await losingEngine(async () => {
      const project = await nexos.project();
      const live = await nexos.deploy(project, { containers: CONTAINERS });
      const failing = await nexos.built(project, { containers: CONTAINERS });
      const act = () => {
        nexos.engine.fates = { worker: 'exits' };
        nexos.engine.before = restoring(nexos.engine.before, failing);
        return nexos.reconcile(failing);
      };
      const holds = async () => {
        expect(await nexos.deployment(failing)).toMatchObject({ status: 'failed', code: 'app_exited' });
        await expectLive(live);
      };
      return { act, holds };
    });
  });
});

/** Lets the worker of the live version come up again once it is told to, though that of the failed one does not. */
function restoring(before: (change: string) => Promise<void>, failing: Version) {
  return (change: string) => {
    if (/^scale worker .* to 1$/.test(change) && !change.includes(failing.id)) nexos.engine.fates = {};
    return before(change);
  };
}

describe('a rollout of several containers that is no longer wanted', () => {
  /** Runs something once the new worker, which has replaced the old one, is about to run. */
  function onceWorkerStarts({ id }: Version, work: () => Promise<unknown>): void {
    nexos.engine.before = async (change) => {
      if (change !== `create worker ${id}`) return;
      nexos.engine.before = () => Promise.resolve();
      nexos.engine.fates = {};
      await work();
    };
  }

  it('is superseded, and the newest goes live with all of them', async () => {
    const project = await nexos.project();
    await nexos.deploy(project, { containers: CONTAINERS });
    const overtaken = await nexos.built(project, { containers: CONTAINERS });
    let newest: Version | undefined;
    nexos.engine.fates = { worker: 'does not answer' };
    staysUp.mockImplementationOnce(() => false);
    onceWorkerStarts(overtaken, async () => {
      newest = await nexos.built(project, { containers: CONTAINERS });
    });
    await nexos.reconcile(overtaken);
    expect(await nexos.deployment(overtaken)).toMatchObject({ status: 'superseded', code: null });
    if (newest === undefined) throw new Error('the rollout did not reach its worker');
    await expectLive(newest);
  });

  it('is cancelled, and the old worker runs again once the new one has stopped', async () => {
    const project = await nexos.project();
    const live = await nexos.deploy(project, { containers: CONTAINERS });
    const cancelled = await nexos.built(project, { containers: CONTAINERS });
    staysUp.mockImplementationOnce(() => false);
    onceWorkerStarts(cancelled, () =>
      nexos.database.unitOfWork.run((transaction) =>
        cancelDeployment(transaction, cancelled.id, cancelled.environmentId, BY_REQUEST),
      ),
    );
    await nexos.reconcile(cancelled);
    expect(await nexos.deployment(cancelled)).toMatchObject({ status: 'cancelled' });
    await expectLive(live);
    const { changes } = nexos.engine;
    const stopped = changes.findIndex((change) =>
      [`scale worker ${cancelled.id} to 0`, `remove worker ${cancelled.id}`].includes(change),
    );
    const back = changes.indexOf(`scale worker ${live.id} to 1`);
    expect([stopped >= 0, stopped < back]).toEqual([true, true]);
  });
});

describe('the move of a version with several containers', () => {
  beforeEach(() => swarm.reset());
  const services = () => [...nexos.engine.apps.values()].map(({ spec, nodeId }) => [spec.container, nodeId]);
  const moved = NAMES.map((name) => [name, MANAGER]);

  it('starts all of them elsewhere, in order and the worker only once the old one has stopped', async () => {
    const live = await swarm.deployed({ containers: CONTAINERS });
    await swarm.request();
    nexos.engine.changes = [];
    await swarm.remove(live);
    const made = nexos.engine.changes.filter((change) => /^(copy|scale)/.test(change));
    expect([...made.slice(0, 2).sort(), ...made.slice(2)]).toEqual([
      `copy api ${live.id}`,
      `copy app ${live.id}`,
      `scale worker ${live.id} to 0`,
      `copy worker ${live.id}`,
    ]);
    expect(services().sort()).toEqual(moved);
    await expectLive(live);
    expect((await swarm.node()).removedAt).not.toBeNull();
  });

  it('continues after a worker died before any of its changes', async () => {
    for (let fatal = 0, isOver = false; !isOver; fatal++) {
      await swarm.reset();
      const live = await swarm.deployed({ containers: CONTAINERS });
      await swarm.request();
      let count = 0;
      nexos.engine.before = () =>
        count++ === fatal ? Promise.reject(new Error('killed')) : Promise.resolve();
      for (let turn = 0; turn < 12; turn++) {
        await nexos.observeNodes().catch(() => undefined);
        await nexos.move(live).catch(() => undefined);
      }
      expect(services().sort()).toEqual(moved);
      await expectLive(live);
      isOver = count <= fatal;
    }
  });

  it('leaves all of them where they are when one does not come up elsewhere, and names it', async () => {
    const live = await swarm.deployed({ containers: CONTAINERS });
    const before = services();
    await swarm.request();
    await nexos.observeNodes();
    nexos.engine.fates = { worker: 'finds no node' };
    nexos.engine.before = (change) => {
      if (change === `scale worker ${live.id} to 1`) nexos.engine.fates = {};
      return Promise.resolve();
    };
    await nexos.move(live);
    for (let turn = 0; turn < 3; turn++) await nexos.observeNodes();
    expect(await swarm.reasons()).toEqual([expect.stringMatching(/^worker: No node had room for 0.5 CPU/)]);
    expect(services()).toEqual(before);
    await expectLive(live);
  });

  it('continues after a worker died between the routes and the commit, when the copy of the worker runs', async () => {
    const live = await swarm.deployed({ containers: CONTAINERS });
    await swarm.request();
    await nexos.observeNodes();
    swarm.dieAfterRoute();
    await expect(nexos.move(live)).rejects.toThrow('killed');
    await swarm.remove(live);
    expect(services().sort()).toEqual(moved);
    await expectLive(live);
  });

  it('starts the old worker again only once its copy has ended', async () => {
    const live = await swarm.deployed({ containers: CONTAINERS });
    await swarm.request();
    await nexos.observeNodes();
    nexos.engine.fates = { worker: 'exits' };
    const { stopping } = nexos.engine;
    let wereStopping: number | undefined;
    nexos.engine.before = (change) => {
      if (change === `scale worker ${live.id} to 1`) wereStopping = stopping.size;
      if (change === `remove worker ${live.id}`) {
        stopping.add(live.environmentId);
        setTimeout(() => stopping.clear(), 50);
      }
      return Promise.resolve();
    };
    await nexos.move(live);
    expect(wereStopping).toBe(0);
    expect(runningOf(live)).toEqual(NAMES);
  });
});
