import { type LogWriter } from '@nexos/logs';
import { type EnvironmentDatabasesRepository } from '@nexos/state';
import { WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity, type Lease } from '@nexos/database';
import { type JobEnd, type OneOffJobs } from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import { HookJobs } from './hook-jobs.js';
import type { SupersedeCheck } from '../reconcile/supersede-check.js';

/** Runs a hook that ends like this. */
function run(end: JobEnd): Promise<boolean> {
  const hooks = new HookJobs(
    {} as EnvironmentDatabasesRepository,
    { run: () => Promise.resolve(end) } as unknown as OneOffJobs,
    { check: () => Promise.resolve() } as unknown as SupersedeCheck,
    new WorkerConfig(),
  );
  const settings = { hooks: { on_deploy: ['migrate'], memory: null }, cpu: 1, memory_mb: 2048 };
  return hooks.run('on_deploy', {
    environment: { id: 'env_1', projectId: 'proj_1' } as EnvironmentEntity,
    deployment: {
      id: 'dep_1',
      imageId: 'sha256:1',
      imageNodeId: null,
      settings,
    } as unknown as DeploymentEntity,
    occasion: 'database-1',
    env: {},
    lease: { guard: () => Promise.resolve() } as Lease,
    signal: new AbortController().signal,
    log: { note: () => undefined } as unknown as LogWriter,
  });
}

describe('HookJobs', () => {
  it('fails with disk_full when a full disk prevents the hook from starting', async () => {
    await expect(
      run({ kind: 'not-started', reason: 'write /x: no space left on device' }),
    ).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('node that runs the hook on_deploy') as string,
    });
  });

  it.each<[JobEnd, string]>([
    [{ kind: 'exited', code: 1 }, 'exited with code 1'],
    [{ kind: 'exited', code: 137 }, 'used more than 2048 MiB (hooks.memory)'],
    [{ kind: 'not-started', reason: 'No such image' }, 'could not be started: No such image'],
    [{ kind: 'timed-out', lastState: 'running' }, 'did not finish within'],
  ])('fails with hook_failed when the hook ends with %j', async (end, text) => {
    await expect(run(end)).rejects.toMatchObject({
      code: 'hook_failed',
      message: expect.stringContaining(text) as string,
    });
  });
});
