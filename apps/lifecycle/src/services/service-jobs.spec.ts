import { EngineConfig, ServicesConfig } from '@nexos/config';
import type { EnvironmentEntity, Lease } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import type { JobEnd, OneOffJobs, SharedServices } from '@nexos/engine';
import type { IngressTunnel } from '@nexos/ingress';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { S3Recipe } from './s3.recipe.js';
import type { ServiceCalls } from './service-calls.js';
import { ServiceJobs } from './service-jobs.js';

beforeAll(() => Logger.overrideLogger(false));

/** What comes of a call to the S3 server that ends like this. */
async function outcomeOf(end: JobEnd): Promise<unknown> {
  const config = new ServicesConfig();
  const calls = { run: () => Promise.resolve(end) } as unknown as ServiceCalls;
  const tasks = () => Promise.resolve([{ state: 'pending', error: 'no suitable node' }]);
  const shared = { tasks } as unknown as SharedServices;
  const jobs = new ServiceJobs({} as OneOffJobs, calls, shared, new EngineConfig(), config);
  const on = {
    environment: { id: 'env_1', projectId: 'proj_1' } as EnvironmentEntity,
    place: { nodeId: 'node', imageId: 'sha256:1' },
    run: 'greet',
    lease: { guard: () => Promise.resolve() } as Lease,
    signal: new AbortController().signal,
  };
  const recipe = new S3Recipe(config, {} as IngressTunnel);
  return jobs.run(recipe, { call: () => Promise.resolve() }, on).catch((error: unknown) => error);
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

  it('is named when it refuses', async () => {
    expect(await outcomeOf({ kind: 'exited', code: 1 })).toEqual(
      new DeploymentFailure(
        'service_not_ready',
        'S3 is not as it was left. Tell the operator; what was live stays live.',
      ),
    );
  });
});
