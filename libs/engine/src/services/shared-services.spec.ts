import type Docker from 'dockerode';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient, Operation } from '../client/engine-client.js';
import { EngineNotFoundError } from '../client/engine-errors.js';
import type { Guard } from '../client/guard.js';
import { RegistryAccess } from '../images/registry-access.js';
import type { BridgePlacement } from './bridge-placement.js';
import type { ProjectNetworks } from './project-networks.js';
import { SharedServices } from './shared-services.js';

const MIB = 1024 * 1024;
const SPEC = {
  projectId: 'proj_1',
  kind: 'redis',
  nodeId: 'node',
  volumeSuffix: null,
  mountPath: '/data',
  image: `sha256:${'0'.repeat(64)}`,
  env: {},
  command: ['new', 'command'],
  cpu: 1,
  memoryMb: 256,
  stopGraceSeconds: 1,
  isBehindIngress: false,
};

describe('SharedServices', () => {
  let existing: Docker.ServiceSpec | null;
  let created: Docker.ServiceSpec[];
  let updated: Docker.ServiceSpec[];
  beforeEach(() => {
    existing = null;
    created = [];
    updated = [];
  });

  const ensure = () => {
    const service = {
      inspect: () =>
        existing === null
          ? Promise.reject(new EngineNotFoundError('no such service'))
          : Promise.resolve({ ID: 'id', Version: { Index: 1 }, Spec: existing }),
      update: (_auth: unknown, { _body }: { _body: Docker.ServiceSpec }) =>
        Promise.resolve(updated.push(_body)),
    };
    const docker = {
      getService: () => service,
      createService: (_: undefined, spec: Docker.ServiceSpec) => Promise.resolve(created.push(spec)),
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
    const networks = {
      require: () => Promise.resolve('overlay'),
    } as unknown as ProjectNetworks;
    return new SharedServices(client, networks, {} as BridgePlacement).ensure(SPEC);
  };
  /** A service as earlier versions created it, with another memory limit than the configured one. */
  const withReplicas = (Replicas: number): Docker.ServiceSpec => ({
    Labels: { 'dev.nexos.instance': 'mine' },
    Mode: { Replicated: { Replicas } },
    TaskTemplate: {
      ContainerSpec: { Env: ['KEPT=1'] },
      Resources: { Limits: { MemoryBytes: 128 * MIB, NanoCPUs: 5 } },
    },
  });

  it('reserves the memory limit of a new service, and no CPU', async () => {
    expect(await ensure()).toBe('started');
    expect(created).toMatchObject([
      {
        TaskTemplate: {
          Resources: {
            Limits: { MemoryBytes: 256 * MIB },
            Reservations: { MemoryBytes: 256 * MIB, NanoCPUs: 0 },
          },
        },
      },
    ]);
  });

  it('gives an earlier service its command reserves its memory and disables its HEALTHCHECK when it starts again, and changes nothing else', async () => {
    existing = withReplicas(0);
    expect(await ensure()).toBe('started');
    expect(updated).toEqual([
      {
        ...existing,
        Mode: { Replicated: { Replicas: 1 } },
        TaskTemplate: {
          ContainerSpec: {
            Env: ['KEPT=1'],
            Command: ['new', 'command'],
            HealthCheck: { Test: ['NONE'] },
          },
          Resources: {
            Limits: { MemoryBytes: 128 * MIB, NanoCPUs: 5 },
            Reservations: { MemoryBytes: 128 * MIB },
          },
        },
      },
    ]);
  });

  it('leaves a running service as it is', async () => {
    existing = withReplicas(1);
    expect(await ensure()).toBe('ran');
    expect([created, updated]).toEqual([[], []]);
  });
});
