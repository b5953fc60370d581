import { EngineConfig, ServicesConfig } from '@nexos/config';
import { type EnvironmentEntity, type Lease } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import {
  type JobEnd,
  type OneOffJobs,
  type SharedServices,
  type SwarmNode,
  type SwarmNodes,
} from '@nexos/engine';
import { type IngressTunnel } from '@nexos/ingress';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { S3Recipe } from './s3.recipe.js';
import type { ServiceCalls } from './service-calls.js';
import { ServiceJobs } from './service-jobs.js';
import type { ProvisioningTask } from './service-recipe.js';

beforeAll(() => Logger.overrideLogger(false));

const CALL: ProvisioningTask = { call: () => Promise.resolve() };
const JOB: ProvisioningTask = { command: ['true'], env: {} };
let started: number;

/** Runs an S3 task that ends like this and returns the error, if any. */
async function outcomeOf(
  end: JobEnd,
  node: Partial<SwarmNode> = {},
  task = CALL,
  why = 'no suitable node',
): Promise<unknown> {
  const config = new ServicesConfig();
  started = 0;
  const run = () => Promise.resolve((started++, end));
  const found = { swarmId: 'node', state: 'ready', availability: 'active', ...node };
  const nodes = { find: (id: string) => Promise.resolve(id === found.swarmId ? found : undefined) };
  const tasks = () => Promise.resolve([{ state: 'pending', error: why }]);
  const shared = { tasks } as unknown as SharedServices;
  const jobs = new ServiceJobs(
    { run } as unknown as OneOffJobs,
    { run } as unknown as ServiceCalls,
    shared,
    nodes as unknown as SwarmNodes,
    new EngineConfig(),
    config,
  );
  const on = {
    environment: { id: 'env_1', projectId: 'proj_1' } as EnvironmentEntity,
    place: { nodeId: 'node', imageId: 'sha256:1' },
    run: 'wait-ready',
    lease: { guard: () => Promise.resolve() } as Lease,
    signal: new AbortController().signal,
  };
  const recipe = new S3Recipe(config, {} as IngressTunnel);
  return jobs.run(recipe, task, on).catch((error: unknown) => error);
}

describe('ServiceJobs', () => {
  it('succeeds when the task exits with 0', async () => {
    expect(await outcomeOf({ kind: 'exited', code: 0 })).toBeUndefined();
  });

  it('fails with the task state from the engine when the service does not come up', async () => {
    expect(await outcomeOf({ kind: 'timed-out', lastState: 'it is unresolved' })).toEqual(
      new DeploymentFailure(
        'service_not_ready',
        "The project's S3 server did not answer within 120 s: it is pending (no suitable node). Deploy again; if that does not help, tell the operator.",
      ),
    );
  });

  it("fails with disk_full when the disk of the service's node is full", async () => {
    const full = 'write /x: no space left on device';
    const failure = {
      code: 'disk_full',
      message: expect.stringContaining('node that holds the S3 data') as string,
    };
    expect(await outcomeOf({ kind: 'not-started', reason: full }, {}, JOB)).toMatchObject(failure);
    expect(await outcomeOf({ kind: 'timed-out', lastState: 'preparing' }, {}, JOB, full)).toMatchObject(
      failure,
    );
    expect(await outcomeOf({ kind: 'not-started', reason: 'rejected' }, {}, JOB)).toMatchObject({
      code: 'service_not_ready',
    });
  });

  it('fails with service_not_ready when the service refuses', async () => {
    expect(await outcomeOf({ kind: 'exited', code: 1 })).toEqual(
      new DeploymentFailure(
        'service_not_ready',
        'The S3 server did not apply the change. Tell the operator; the live version stays live.',
      ),
    );
  });

  it.each([
    ['down', { state: 'down' }],
    ['drained', { availability: 'drain' }],
  ])("fails at once while the service's node is %s", async (why, node) => {
    for (const task of [CALL, JOB]) {
      expect(await outcomeOf({ kind: 'exited', code: 0 }, node, task)).toEqual(
        new DeploymentFailure(
          'service_not_ready',
          `The node that holds the S3 data is ${why}, and the data is unreachable until the node is back. Tell the operator.`,
        ),
      );
      expect(started).toBe(0);
    }
  });

  it.each([
    ['has an unknown state', { state: 'unknown' }],
    ['is not in the Swarm', { swarmId: 'another' }],
  ])('runs the task on a node that %s', async (_, node) => {
    for (const task of [CALL, JOB]) {
      expect(await outcomeOf({ kind: 'exited', code: 0 }, node, task)).toBeUndefined();
      expect(started).toBe(1);
    }
  });

  it('fails at once for a container on a node that takes no new ones, but calls a running service there', async () => {
    const paused = { availability: 'pause' };
    expect(await outcomeOf({ kind: 'exited', code: 0 }, paused, CALL)).toBeUndefined();
    expect(await outcomeOf({ kind: 'exited', code: 0 }, paused, JOB)).toMatchObject({
      code: 'service_not_ready',
      message: expect.stringContaining('takes no new work') as string,
    });
    expect(started).toBe(0);
  });

  it('fails with no_capacity when the service waits for memory on its node', async () => {
    const full =
      'no suitable node (insufficient resources on 1 node; scheduling constraints not satisfied on 2 nodes)';
    expect(await outcomeOf({ kind: 'timed-out', lastState: 'x' }, {}, JOB, full)).toMatchObject({
      code: 'no_capacity',
      message: expect.stringContaining('too little unreserved memory') as string,
    });
  });
});
