import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import type { EngineClient, Operation } from '../client/engine-client.js';
import { EngineNotFoundError } from '../client/engine-errors.js';
import { SwarmNodes } from './swarm-nodes.js';

interface Swarm {
  readonly availability?: string;
  /** The states of the node's tasks, all with the desired state `shutdown`. */
  readonly tasks?: readonly string[];
  /** The labels of those tasks' containers. */
  readonly labels?: Record<string, string>;
  readonly managers?: readonly string[];
}

const ALL = {
  'dev.nexos.instance': 'mine',
  'dev.nexos.project': 'p',
  'dev.nexos.environment': 'e',
  'dev.nexos.deployment': 'd',
};

/** Fakes a Swarm with one worker, and records the changes requested of it. */
function nodesOf({ availability = 'drain', tasks = [], labels = {}, managers = [] }: Swarm) {
  const changes: unknown[] = [];
  const node = {
    inspect: () =>
      Promise.resolve({
        ID: 'worker',
        Version: { Index: 7 },
        Spec: { Role: 'worker', Availability: availability },
      }),
    update: (options: unknown) => Promise.resolve(changes.push(options)),
    remove: (options: unknown) => Promise.resolve(changes.push(options)),
  };
  const docker = {
    getNode: () => node,
    listTasks: ({ filters }: { filters: Record<string, string[]> }) =>
      Promise.resolve(
        filters['desired-state']?.includes('running') === true
          ? []
          : tasks.map((State) => ({
              DesiredState: 'shutdown',
              Status: { State },
              Spec: { ContainerSpec: { Labels: labels } },
            })),
      ),
    swarmInspect: () => Promise.resolve({ JoinTokens: { Worker: 'token' } }),
    info: () => Promise.resolve({ Swarm: { RemoteManagers: managers.map((Addr) => ({ Addr })) } }),
  } as unknown as Docker;
  const client = {
    instance: 'mine',
    call: <T>(operation: Operation<T>) => operation(docker),
  } as EngineClient;
  return { nodes: new SwarmNodes(client), changes };
}

describe('SwarmNodes', () => {
  it('changes the availability, and keeps the request body out of the URL', async () => {
    const { nodes, changes } = nodesOf({ availability: 'active' });
    await nodes.setAvailability('worker', 'pause');
    expect(changes).toEqual([{ _query: { version: 7 }, _body: { Role: 'worker', Availability: 'pause' } }]);
  });

  it('leaves a node alone that has the availability already', async () => {
    const { nodes, changes } = nodesOf({ availability: 'drain' });
    await nodes.setAvailability('worker', 'drain');
    expect(changes).toEqual([]);
  });

  it.each(['assigned', 'preparing', 'starting', 'running'])(
    'lists a task that should stop while it is still %s',
    async (state) => {
      const { nodes } = nodesOf({ tasks: ['shutdown', state, 'failed', 'complete', 'rejected', 'orphaned'] });
      expect(await nodes.tasksOn('worker')).toEqual([{ kind: 'foreign' }]);
    },
  );

  it.each<[string, Record<string, string>]>([
    ['foreign', {}],
    ['foreign', { ...ALL, 'dev.nexos.instance': 'other' }],
    ['app', ALL],
    ['job', { ...ALL, 'dev.nexos.job': '1' }],
    ['service', { 'dev.nexos.instance': 'mine', 'dev.nexos.project': 'p', 'dev.nexos.service': 'redis' }],
  ])('tells that a task is of kind %s by its labels %j', async (kind, labels) => {
    const { nodes } = nodesOf({ tasks: ['running'], labels });
    expect(await nodes.tasksOn('worker')).toMatchObject([{ kind }]);
  });

  it('accepts that a node to remove is no longer in the Swarm', async () => {
    const call = () => Promise.reject(new EngineNotFoundError('node worker not found'));
    await new SwarmNodes({ call } as unknown as EngineClient).remove('worker');
  });
});

it('joinToken returns the same manager address in whatever order the engine lists the managers', async () => {
  for (const managers of [
    ['10.0.0.2:2377', '10.0.0.1:2377'],
    ['10.0.0.1:2377', '10.0.0.2:2377'],
  ]) {
    const joinToken = await nodesOf({ managers }).nodes.joinToken();
    expect(joinToken).toEqual({ workerToken: 'token', managerAddress: '10.0.0.1:2377' });
  }
});
