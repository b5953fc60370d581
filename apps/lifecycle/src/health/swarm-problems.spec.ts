import { type EngineConfig } from '@nexos/config';
import {
  type CurrentTask,
  type CurrentTasks,
  type DeploymentServices,
  EngineUnavailableError,
  type ServiceTask,
  type SwarmNode,
  type SwarmNodes,
} from '@nexos/engine';
import { containersOf, deploymentSettings } from '@nexos/settings';
import { type HealthSubject } from '@nexos/state';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceRecipes } from '../services/service-recipes.js';
import { containerKey } from './container-key.js';
import { SwarmProblems } from './swarm-problems.js';

const settings = deploymentSettings({});
const [container] = containersOf(settings);
/** @param heldUntil until when the restart of the app is held back */
const subjectOf = (heldUntil: number | null = null) =>
  ({
    environmentId: 'env_1',
    projectId: 'proj_1',
    deploymentId: 'dep_1',
    settings,
    containers: [{ container, heldUntil }],
  }) as unknown as HealthSubject;
const SUBJECT = subjectOf();
const KEY = containerKey(SUBJECT, container);
const task = (change: Partial<CurrentTask>): CurrentTask => ({
  ...{
    projectId: 'proj_1',
    deploymentId: 'dep_1',
    container: 'app',
    service: null,
    state: 'running',
    error: '',
    nodeId: 'a',
  },
  ...change,
});
const postgres = (change: Partial<CurrentTask>) =>
  task({ deploymentId: null, service: 'postgres', ...change });

describe('SwarmProblems', () => {
  let tasks: CurrentTask[] | null;
  let nodes: Partial<SwarmNode>[];
  let history: Partial<ServiceTask>[];
  let problems: SwarmProblems;
  let now = 0;

  beforeEach(() => {
    tasks = [task({}), postgres({})];
    nodes = [
      { swarmId: 'a', hostname: 'alpha', state: 'ready' },
      { swarmId: 'b', hostname: 'beta', state: 'down' },
    ];
    history = [];
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    problems = new SwarmProblems(
      {
        list: () =>
          tasks === null ? Promise.reject(new EngineUnavailableError('away')) : Promise.resolve(tasks),
      } as unknown as CurrentTasks,
      { list: () => Promise.resolve(nodes) } as unknown as SwarmNodes,
      { tasks: () => Promise.resolve(history) } as unknown as DeploymentServices,
      { wanted: () => ['postgres'] } as unknown as ServiceRecipes,
      { instance: 'nexos' } as EngineConfig,
    );
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Asks now, and again once what is down has been so for long enough. */
  async function found(subject = SUBJECT): Promise<[soon: string | undefined, later: string | undefined]> {
    const soon = await problems.find([subject]);
    now += 4_000;
    const later = await problems.find([subject]);
    return [soon?.get(KEY)?.message, later?.get(KEY)?.message];
  }

  it('finds none while the app and its services run', async () => {
    expect(await found()).toEqual([undefined, undefined]);
  });

  it('says nothing when the engine does not answer', async () => {
    tasks = null;
    expect(await problems.find([SUBJECT])).toBeNull();
  });

  it.each<[string, () => void, RegExp]>([
    [
      'the image is gone',
      () => {
        tasks = [task({ state: 'preparing' }), postgres({})];
        history = [{ state: 'rejected', error: 'No such image: sha256:1' }];
      },
      /image of the live version is no longer on its machine. Deploy again/,
    ],
    [
      'the disk is full',
      () => {
        tasks = [task({ state: 'preparing' }), postgres({})];
        history = [{ state: 'rejected', error: 'write /x: no space left on device' }];
      },
      /disk of the machine/,
    ],
    [
      'the container cannot be started',
      () => {
        tasks = [task({ state: 'ready' }), postgres({})];
        history = [{ state: 'rejected', error: 'exec: "x": not found' }];
      },
      /cannot start the app/,
    ],
    [
      'the only machine with the image is down',
      () => {
        tasks = [task({ state: 'pending', nodeId: null }), postgres({})];
      },
      /No machine can run the app: beta is down/,
    ],
    [
      'no machine has room',
      () => {
        tasks = [task({ state: 'pending', nodeId: null }), postgres({})];
        nodes = [{ swarmId: 'a', state: 'ready' }];
      },
      /No machine has room for/,
    ],
    [
      'the database does not run',
      () => {
        tasks = [task({}), postgres({ state: 'starting' })];
      },
      /The project's Postgres is not running/,
    ],
    [
      'the database was stopped',
      () => {
        tasks = [task({})];
      },
      /The project's Postgres is not running/,
    ],
  ])('waits a moment, and then says that %s', async (_what, set, message) => {
    set();
    const [soon, later] = await found();
    expect(soon).toBeUndefined();
    expect(later).toMatch(message);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'the machine of the app',
      () => {
        tasks = [task({ nodeId: 'b' }), postgres({})];
      },
      /^The machine beta, which runs the app, is down/,
    ],
    [
      'the machine of the database',
      () => {
        tasks = [task({}), postgres({ nodeId: 'b' })];
      },
      /^The machine beta, which runs the project's Postgres, is down/,
    ],
  ])('says at once that %s is down', async (_what, set, message) => {
    set();
    expect((await problems.find([SUBJECT]))?.get(KEY)?.message).toMatch(message);
  });

  it('expects no container of an app whose restart is held', async () => {
    tasks = [postgres({})];
    history = [{ state: 'rejected', error: 'x' }];
    expect(await found(subjectOf(1))).toEqual([undefined, undefined]);
  });

  it('finds none when something that was down runs again before long', async () => {
    tasks = [task({})];
    await problems.find([SUBJECT]);
    tasks = [task({}), postgres({})];
    now += 4_000;
    await problems.find([SUBJECT]);
    tasks = [task({})];
    expect((await problems.find([SUBJECT]))?.size).toBe(0);
  });
});
