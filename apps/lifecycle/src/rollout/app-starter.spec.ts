import { type EnvironmentEntity, type Lease } from '@nexos/database';
import { type EnvironmentDatabasesRepository, type NodeRemovalsRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { type DeploymentServices } from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { containersOf, deploymentSettings } from '@nexos/settings';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AppCapacity, KeptRoom } from './app-capacity.js';
import type { ContainerVariables } from './container-variables.js';
import { AppStarter } from './app-starter.js';
import type { OldContainers } from './old-containers.js';
import type { HookJobs } from '../hooks/hook-jobs.js';
import type { ProjectNetwork } from '../reconcile/project-network.js';
import type { EnvironmentServices } from '../services/environment-services.js';
import type { ServiceRoom } from '../services/service-room.js';
import type { ServiceRecipes } from '../services/service-recipes.js';

const { signal } = new AbortController();
const LEASE: Lease = { epoch: '1', signal, guard: () => Promise.resolve() };

describe('AppStarter.restart', () => {
  let order: string[];
  let areUp: boolean;
  let isThere: boolean;
  let variables: DecryptedVariables | DeploymentFailure;
  let failure: Error | null;

  beforeEach(() => {
    order = [];
    areUp = true;
    isThere = true;
    variables = new DecryptedVariables([]);
    failure = null;
  });

  const restart = async () => {
    const settings = { ...deploymentSettings({}), services: {} };
    const images = { imageId: 'sha256:1', containerImageIds: [], imageNodeId: null };
    const deployment = { id: 'dep_1', moves: 0, ...images, settings };
    const starter = new AppStarter(
      {} as EnvironmentDatabasesRepository,
      {} as NodeRemovalsRepository,
      {
        prepare: async () => {
          await new Promise(setImmediate);
          order.push('prepared');
          if (failure !== null) throw failure;
        },
        prepareVersion: () => Promise.resolve(),
      } as unknown as ProjectNetwork,
      { wanted: () => ['redis'] } as unknown as ServiceRecipes,
      {
        areUp: () => Promise.resolve(areUp),
        provide: () => Promise.resolve({ REDIS_URL: 'redis://' }),
      } as unknown as EnvironmentServices,
      {
        open: () => Promise.resolve(variables),
        environmentOf: (_e: unknown, _d: unknown, _v: unknown, services: object) => services,
      } as unknown as ContainerVariables,
      {} as HookJobs,
      {
        restart: () => {
          if (isThere) order.push('started');
          return Promise.resolve(isThere);
        },
        create: ({ env }: { env: object }) =>
          Promise.resolve(order.push(`created with ${JSON.stringify(env)}`)),
      } as unknown as DeploymentServices,
      {} as OldContainers,
      {
        keepFor: (_context: unknown, _deployment: unknown, work: (room: KeptRoom) => unknown) =>
          work({ take: () => Promise.resolve(), started: () => Promise.resolve() }),
      } as unknown as AppCapacity,
      { lookBeforeRetry: () => Promise.resolve() } as unknown as ServiceRoom,
    );
    const environment = { id: 'env_1' } as EnvironmentEntity;
    const [app] = containersOf(deploymentSettings({}));
    await starter.restart({ environment, lease: LEASE, signal }, deployment as never, (start) => start(app));
  };

  it('starts the app once the networks exist, without waiting for services that run', async () => {
    await restart();
    expect(order).toEqual(['prepared', 'started']);
  });

  it('waits for services that must be started', async () => {
    areUp = false;
    await restart();
    expect(order).toEqual(['prepared', 'created with {"REDIS_URL":"redis://"}']);
  });

  it('recreates an app that no longer exists', async () => {
    isThere = false;
    await restart();
    expect(order).toEqual(['prepared', 'created with {"REDIS_URL":"redis://"}']);
  });

  it('starts nothing while its variables cannot be decrypted', async () => {
    variables = new DeploymentFailure('secrets_unreadable', 'A key is missing.');
    await expect(restart()).rejects.toThrow('A key is missing.');
    expect(order).toEqual([]);
  });

  it('starts nothing while the networks cannot be prepared', async () => {
    failure = new Error('another worker holds the project');
    await expect(restart()).rejects.toThrow(failure);
    expect(order).toEqual(['prepared']);
  });
});
