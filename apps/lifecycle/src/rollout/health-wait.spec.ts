import { type WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { type ContainerRunsRepository } from '@nexos/state';
import { type DeploymentServices, type ServiceTask } from '@nexos/engine';
import { type IngressProbe, type ProbeResult } from '@nexos/ingress';
import { describe, expect, it } from 'vitest';
import { HealthWait, throwIfDown } from './health-wait.js';
import type { SupersedeCheck } from '../reconcile/supersede-check.js';

const HEALTH_TIMEOUT_MS = 1_000;

const silent = (timeoutMs: number): Promise<ProbeResult> =>
  new Promise((resolve) => setTimeout(() => resolve({ kind: 'unresolved' }), timeoutMs));

/** Waits for an app with these probe results and tasks. */
function untilHealthy(
  probe: (timeoutMs: number) => Promise<ProbeResult>,
  tasks: readonly ServiceTask[] = [],
  ranOutOfMemory = false,
) {
  const wait = new HealthWait(
    { check: () => Promise.resolve() } as unknown as SupersedeCheck,
    { tasks: () => Promise.resolve(tasks) } as unknown as DeploymentServices,
    { probe: ({ timeoutMs }: { timeoutMs: number }) => probe(timeoutMs) } as unknown as IngressProbe,
    { ranOutOfMemory: () => Promise.resolve(ranOutOfMemory) } as unknown as ContainerRunsRepository,
    { healthTimeoutMs: HEALTH_TIMEOUT_MS } as WorkerConfig,
  );
  const environment = { hostname: 'main-app.localhost' } as EnvironmentEntity;
  const settings = { port: 80, health_check_path: '/', cpu: 64, memory_mb: 512 };
  const { signal } = new AbortController();
  return wait.untilHealthy({ environment, signal }, { settings } as DeploymentEntity, 'service');
}

describe('HealthWait', () => {
  it('reports app_unhealthy after error responses, even when the deadline cuts off the last probe', async () => {
    let probes = 0;
    const probe = (timeoutMs: number): Promise<ProbeResult> =>
      probes++ === 0 ? Promise.resolve({ kind: 'answered', status: 503 }) : silent(timeoutMs);
    await expect(untilHealthy(probe)).rejects.toMatchObject({ code: 'app_unhealthy' });
    expect(probes).toBe(2);
  });

  it('reports no_capacity for an app that no node has room for', async () => {
    const tasks = (state: string) => [{ state } as ServiceTask];
    await expect(untilHealthy(silent, tasks('pending'))).rejects.toMatchObject({
      code: 'no_capacity',
      message: expect.stringContaining('64 CPU and 512 MiB') as string,
    });
    await expect(untilHealthy(silent, tasks('running'))).rejects.toMatchObject({ code: 'app_not_answering' });
  });
});

describe('HealthWait for an app that is killed', () => {
  const killed = Array.from({ length: 3 }, (_, i) => {
    return { state: 'failed', exitCode: 137, containerId: `c${i}` } as ServiceTask;
  });

  it('says that the app ran out of memory, and how much it may use', async () => {
    await expect(untilHealthy(silent, killed, true)).rejects.toMatchObject({
      code: 'app_exited',
      message: expect.stringMatching(
        /out of memory and was killed 3 times: it may use 512 MiB \(memory_mb\)/,
      ) as string,
    });
  });

  it('gives the exit code of an app that was killed for another reason', async () => {
    await expect(untilHealthy(silent, killed)).rejects.toMatchObject({
      message: expect.stringContaining('exited 3 times, last with code 137') as string,
    });
  });
});

describe('throwIfDown', () => {
  it('reports disk_full when a full disk prevents the app from starting', () => {
    const rejected = (error: string) => [{ state: 'rejected', error } as ServiceTask];
    expect(() => throwIfDown(rejected('write /x: no space left on device'))).toThrow(
      expect.objectContaining({ code: 'disk_full' }) as Error,
    );
    expect(() => throwIfDown(rejected('exec: "nothing": not found'))).toThrow(
      expect.objectContaining({ code: 'app_exited' }) as Error,
    );
  });
});
