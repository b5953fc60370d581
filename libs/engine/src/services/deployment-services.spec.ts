import { EngineConfig } from '@nexos/config';
import type Docker from 'dockerode';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient, Operation } from '../client/engine-client.js';
import { EngineConflictError } from '../client/engine-errors.js';
import { LABELS } from '../client/engine-labels.js';
import type { Guard } from '../client/guard.js';
import { RegistryAccess } from '../images/registry-access.js';
import type { BridgePlacement } from './bridge-placement.js';
import { DeploymentServices } from './deployment-services.js';
import type { ProjectNetworks } from './project-networks.js';
import type { VersionNetworks } from './version-networks.js';

const DISABLED = { Test: ['NONE'] };
const SPEC = {
  projectId: 'proj_1',
  environmentId: 'env_1',
  deploymentId: 'dep_1',
  moves: 0,
  image: `sha256:${'0'.repeat(64)}`,
  env: {},
  container: 'app',
  index: 0,
  hasSiblings: true,
  cpu: 1,
  memoryMb: 256,
  stopGraceSeconds: 1,
};
const CONTAINER = { deploymentId: 'dep_1', moves: 0, index: 0 };

describe('DeploymentServices and the HEALTHCHECK of an image', () => {
  /** The service as an earlier release created it, and as the engine returns it. */
  let existing: Docker.ServiceSpec;
  let isTaken: boolean;
  let sent: Docker.ServiceSpec[];
  let services: DeploymentServices;
  beforeEach(() => {
    existing = earlier(0);
    isTaken = false;
    sent = [];
    const service = {
      inspect: () => Promise.resolve({ ID: 'id', Version: { Index: 1 }, Spec: existing }),
      update: (_auth: unknown, { _body }: { _body: Docker.ServiceSpec }) => Promise.resolve(sent.push(_body)),
    };
    const docker = {
      getService: () => service,
      createService: (_auth: unknown, spec: Docker.ServiceSpec) =>
        isTaken
          ? Promise.reject(new EngineConflictError('taken'))
          : Promise.resolve({ id: String(sent.push(spec)) }),
    } as unknown as Docker;
    const client = {
      instance: 'mine',
      access: new RegistryAccess({
        instance: 'mine',
        registry: undefined,
        credentials: new Map(),
        tokens: null,
      }),
      call: <T>(operation: Operation<T>) => operation(docker),
      change: <T>(_: Guard, operation: Operation<T>) => operation(docker),
    } as unknown as EngineClient;
    services = new DeploymentServices(
      client,
      { require: () => Promise.resolve('overlay') } as unknown as ProjectNetworks,
      { find: () => Promise.resolve('version-overlay') } as unknown as VersionNetworks,
      { place: () => Promise.resolve({ isOnBridge: false }) } as unknown as BridgePlacement,
      Object.assign(new EngineConfig(), { instance: 'mine' }),
    );
  });

  const earlier = (Replicas: number): Docker.ServiceSpec => ({
    Name: 'service',
    Labels: { [LABELS.instance]: 'mine', [LABELS.deployment]: 'dep_1' },
    Mode: { Replicated: { Replicas } },
    TaskTemplate: { ContainerSpec: { Image: 'x', Env: ['KEPT=1'], Init: true } },
  });
  const containers = () =>
    sent.map(({ TaskTemplate }) => (TaskTemplate as Docker.ContainerTaskSpec).ContainerSpec ?? {});

  it.each<[string, () => Promise<unknown>]>([
    ['a start or a swap', () => services.create(SPEC)],
    [
      'a start that finds the service of a crashed worker',
      () => {
        isTaken = true;
        return services.create(SPEC);
      },
    ],
    ['a resume or a wake', () => services.restart(CONTAINER)],
    ['a restart after crashes that was held back', () => services.resume(CONTAINER)],
    ['scaling up', () => services.scale('service', 1)],
    [
      'a move',
      () => {
        existing = earlier(1);
        return services.copy('service', 'another', undefined);
      },
    ],
  ])('is disabled by %s', async (_what, start) => {
    await start();
    expect(containers()).toEqual([expect.objectContaining({ HealthCheck: DISABLED })]);
  });

  it('is replaced where the engine spells it differently, and nothing else changes', async () => {
    const container = { Image: 'x', Healthcheck: { Test: ['CMD', 'true'] }, Env: ['KEPT=1'] };
    existing = { ...earlier(0), TaskTemplate: { ContainerSpec: container } };
    await services.resume(CONTAINER);
    expect(containers()).toEqual([{ Image: 'x', Env: ['KEPT=1'], HealthCheck: DISABLED }]);
  });

  it('does not restart a running service, and stops one as it is', async () => {
    existing = earlier(1);
    await services.restart(CONTAINER);
    await services.scale('service', 1);
    expect(sent).toEqual([]);
    await services.scale('service', 0);
    expect(containers()).toEqual([{ Image: 'x', Env: ['KEPT=1'], Init: true }]);
  });
});
