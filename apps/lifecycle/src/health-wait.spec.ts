import type { WorkerConfig } from '@nexos/config';
import type { DeploymentEntity, EnvironmentEntity } from '@nexos/database';
import type { DeploymentServices, ServiceTask } from '@nexos/engine';
import type { IngressProbe, ProbeResult } from '@nexos/ingress';
import { expect, it } from 'vitest';
import { HealthWait, throwIfDown } from './health-wait.js';
import type { Overtaking } from './overtaking.js';

const HEALTH_TIMEOUT_MS = 1_000;

it('calls an app unhealthy that answered with errors, also when the deadline cuts its last answer short', async () => {
  let probes = 0;
  const probe = {
    probe: ({ timeoutMs }: { timeoutMs: number }): Promise<ProbeResult> =>
      probes++ === 0
        ? Promise.resolve({ kind: 'answered', status: 503 })
        : new Promise((resolve) => setTimeout(() => resolve({ kind: 'unresolved' }), timeoutMs)),
  };
  const wait = new HealthWait(
    { check: () => Promise.resolve() } as unknown as Overtaking,
    { tasks: () => Promise.resolve([]) } as unknown as DeploymentServices,
    probe as unknown as IngressProbe,
    { healthTimeoutMs: HEALTH_TIMEOUT_MS } as WorkerConfig,
  );
  const environment = { hostname: 'main-app.localhost' } as EnvironmentEntity;
  const deployment = { spec: { port: 80, health_check_path: '/' } } as DeploymentEntity;
  const { signal } = new AbortController();
  await expect(wait.untilHealthy(environment, deployment, 'service', signal)).rejects.toMatchObject({
    code: 'app_unhealthy',
  });
  expect(probes).toBe(2);
});

it('tells a machine whose disk is full from an app that cannot be started', () => {
  const rejected = (error: string) => [{ state: 'rejected', error } as ServiceTask];
  expect(() => throwIfDown(rejected('write /x: no space left on device'))).toThrow(
    expect.objectContaining({ code: 'disk_full' }) as Error,
  );
  expect(() => throwIfDown(rejected('exec: "nothing": not found'))).toThrow(
    expect.objectContaining({ code: 'app_exited' }) as Error,
  );
});
