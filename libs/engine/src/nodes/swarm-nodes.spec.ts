import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import type { EngineClient, Operation } from '../client/engine-client.js';
import { EngineNotFoundError } from '../client/engine-errors.js';
import { SwarmNodes } from './swarm-nodes.js';

interface Swarm {
  readonly availability?: string;
  readonly state?: string;
  /** The states of the node's tasks, all with the desired state `shutdown`. */
  readonly tasks?: readonly string[];
  readonly managers?: readonly string[];
}

/** Fakes a Swarm with one worker, and records the changes requested of it. */
function nodesOf({ availability = 'drain', state = 'ready', tasks = [], managers = [] }: Swarm) {
  const changes: unknown[] = [];
  const node = {
    inspect: () =>
      Promise.resolve({
        ID: 'worker',
        Version: { Index: 7 },
        Spec: { Role: 'worker', Availability: availability },
        Status: { State: state },
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
          : tasks.map((State) => ({ DesiredState: 'shutdown', Status: { State } })),
      ),
    swarmInspect: () => Promise.resolve({ JoinTokens: { Worker: 'token' } }),
    info: () => Promise.resolve({ Swarm: { RemoteManagers: managers.map((Addr) => ({ Addr })) } }),
  } as unknown as Docker;
  const client = { call: <T>(operation: Operation<T>) => operation(docker) } as EngineClient;
  return { nodes: new SwarmNodes(client), changes };
}

describe('drainAndRemove', () => {
  it('drains the worker first, and keeps the request body out of the URL', async () => {
    const { nodes, changes } = nodesOf({ availability: 'active' });
    expect(await nodes.drainAndRemove('worker')).toBe('draining');
    expect(changes).toEqual([{ _query: { version: 7 }, _body: { Role: 'worker', Availability: 'drain' } }]);
  });

  it.each(['assigned', 'preparing', 'starting', 'running'])(
    'keeps the worker while a stopping task on it is still %s',
    async (task) => {
      const { nodes, changes } = nodesOf({ tasks: ['shutdown', task] });
      expect(await nodes.drainAndRemove('worker')).toBe('draining');
      expect(changes).toEqual([]);
    },
  );

  it.each([
    ['no task on it runs', { tasks: ['shutdown', 'failed', 'complete', 'rejected', 'orphaned'] }],
    ['it is down, even if its tasks last reported running', { state: 'down', tasks: ['running'] }],
  ])('removes the worker once %s', async (_when, swarm) => {
    const { nodes, changes } = nodesOf(swarm);
    expect(await nodes.drainAndRemove('worker')).toBe('removed');
    expect(changes).toEqual([{ force: true }]);
  });

  it('reports a worker that is no longer in the Swarm as removed', async () => {
    const call = () => Promise.reject(new EngineNotFoundError('node worker not found'));
    expect(await new SwarmNodes({ call } as unknown as EngineClient).drainAndRemove('worker')).toBe(
      'removed',
    );
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
