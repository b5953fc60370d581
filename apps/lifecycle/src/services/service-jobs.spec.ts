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
let begun: number;

/** What comes of something that is asked of the S3 server, when it is begun and ends like this. */
async function outcomeOf(
  end: JobEnd,
  node: Partial<SwarmNode> = {},
  task = CALL,
  why = 'no suitable node',
): Promise<unknown> {
  const config = new ServicesConfig();
  begun = 0;
  const run = () => Promise.resolve((begun++, end));
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

describe('a service that is asked for something', () => {
  it('fails nothing when it has done it', async () => {
    expect(await outcomeOf({ kind: 'exited', code: 0 })).toBeUndefined();
  });

  it('is named when it does not come up, with what the engine says of it', async () => {
    expect(await outcomeOf({ kind: 'timed-out', lastState: 'it is unresolved' })).toEqual(
      new DeploymentFailure(
        'service_not_ready',
        'S3 of the project did not answer within 120 s: it is pending (no suitable node). Deploy again; if that does not help, tell the operator.',
      ),
    );
  });

  it('tells a full disk of its machine from what is wrong with it, also where it does not come up itself', async () => {
    const full = 'write /x: no space left on device';
    const failure = {
      code: 'disk_full',
      message: expect.stringContaining('machine with the data of S3') as string,
    };
    expect(await outcomeOf({ kind: 'not-started', reason: full }, {}, JOB)).toMatchObject(failure);
    expect(await outcomeOf({ kind: 'timed-out', lastState: 'preparing' }, {}, JOB, full)).toMatchObject(
      failure,
    );
    expect(await outcomeOf({ kind: 'not-started', reason: 'rejected' }, {}, JOB)).toMatchObject({
      code: 'service_not_ready',
    });
  });

  it('is named when it refuses', async () => {
    expect(await outcomeOf({ kind: 'exited', code: 1 })).toEqual(
      new DeploymentFailure(
        'service_not_ready',
        'S3 is not as it was left. Tell the operator; what was live stays live.',
      ),
    );
  });

  it.each([
    ['down', { state: 'down' }],
    ['drained', { availability: 'drain' }],
  ])('is not waited for while its machine is %s', async (why, node) => {
    for (const task of [CALL, JOB]) {
      expect(await outcomeOf({ kind: 'exited', code: 0 }, node, task)).toEqual(
        new DeploymentFailure(
          'service_not_ready',
          `The machine with the data of S3 is ${why}. What is there cannot be reached until it is back: tell the operator.`,
        ),
      );
      expect(begun).toBe(0);
    }
  });

  it.each([
    ['nothing was heard of for a moment', { state: 'unknown' }],
    ['takes in nothing more', { availability: 'pause' }],
    ['Swarm does not list', { swarmId: 'another' }],
  ])('is asked on a machine that %s', async (_, node) => {
    for (const task of [CALL, JOB]) {
      expect(await outcomeOf({ kind: 'exited', code: 0 }, node, task)).toBeUndefined();
      expect(begun).toBe(1);
    }
  });
});
