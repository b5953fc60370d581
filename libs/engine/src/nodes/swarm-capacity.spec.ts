import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import type { EngineClient, Operation } from '../client/engine-client.js';
import { LABELS } from '../client/engine-labels.js';
import { SwarmCapacity } from './swarm-capacity.js';

const NODE = {
  ID: 'node',
  Spec: { Availability: 'active' },
  Status: { State: 'ready' },
  Description: { Resources: { NanoCPUs: 10, MemoryBytes: 100 } },
};
const task = (labels: Record<string, string>, memory: number, change: object = {}) => ({
  NodeID: 'node',
  Status: { State: 'running' },
  Spec: {
    ContainerSpec: {
      Labels: { [LABELS.environment]: 'env_1', [LABELS.deployment]: 'dep_1', ...labels },
    },
    Resources: { Reservations: { NanoCPUs: 1, MemoryBytes: memory } },
  },
  ...change,
});
const TASKS = [
  task({}, 1),
  task({ [LABELS.container]: 'worker' }, 2),
  task({ [LABELS.job]: 'deploy' }, 4),
  task({ [LABELS.deployment]: 'dep_2', [LABELS.container]: 'worker' }, 8, { NodeID: '' }),
  task({ [LABELS.deployment]: 'dep_3' }, 16, { Status: { State: 'failed' } }),
];
const docker = { listNodes: () => Promise.resolve([NODE]), listTasks: () => Promise.resolve(TASKS) };
const capacity = new SwarmCapacity({
  call: <T>(operation: Operation<T>) => operation(docker as unknown as Docker),
} as unknown as EngineClient);

describe('SwarmCapacity', () => {
  it('counts what tasks reserve, and those without a node, and tells whose containers they are', async () => {
    const owner = { environmentId: 'env_1', deploymentId: 'dep_1' };
    expect(await capacity.read(() => false)).toEqual({
      nodes: [{ nodeId: 'node', nanoCpus: 7, memoryBytes: 93 }],
      waiting: [{ nodeId: null, nanoCpus: 1, memoryBytes: 8 }],
      // The task of a hook is left out: it is a job, not a container of the version.
      containers: [
        { ...owner, container: 'app' },
        { ...owner, container: 'worker' },
        { ...owner, deploymentId: 'dep_2', container: 'worker' },
      ],
    });
  });

  it('leaves out what does not count', async () => {
    const { nodes, waiting, containers } = await capacity.read(({ container }) => container === 'worker');
    expect(nodes[0]?.memoryBytes).toBe(95);
    expect(waiting).toEqual([]);
    expect(containers.map(({ container }) => container)).toEqual(['app']);
  });
});
