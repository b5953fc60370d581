import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { describe, expect, it } from 'vitest';
import { EnvironmentServices } from './environment-services.js';

/** Ensures that Postgres runs, in an environment that has no part of it yet. */
function ensureRunning(liveDeploymentId: string | null, parts: readonly object[]): Promise<unknown> {
  const none = {} as never;
  const services = new EnvironmentServices(
    none,
    none,
    { open: () => Promise.resolve(parts) } as never,
    { find: (kind: string) => ({ kind, title: 'Postgres' }) } as never,
    none,
    none,
    none,
    none,
  );
  const environment = { id: 'env_1', projectId: 'proj_1', liveDeploymentId };
  const context = { environment, executionId: 'exec_1' } as ReconcileContext & { executionId: string };
  return services.ensureRunning(context, ['postgres']);
}

describe('EnvironmentServices', () => {
  it.each([[[]], [[{ kind: 'postgres', isProvisioned: false }]]])(
    'says whether a service never started or is about to, case %#',
    async (parts) => {
      await expect(ensureRunning(null, parts)).rejects.toMatchObject({
        code: 'service_not_ready',
        message: 'Postgres has never started in this environment. Deploy again.',
      });
      await expect(ensureRunning('dep_1', parts)).rejects.toMatchObject({
        code: 'service_not_ready',
        message: 'Postgres is not ready yet. Try again in a moment.',
      });
    },
  );
});
