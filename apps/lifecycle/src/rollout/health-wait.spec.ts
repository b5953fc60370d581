import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { type DeploymentServices, type ServiceTask } from '@nexos/engine';
import { type IngressProbe, type ProbeResult } from '@nexos/ingress';
import { type Container, containersOf, deploymentSettings } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import type { Relays } from '../relays/relays.js';
import { HealthWait } from './health-wait.js';
import type { StartFailures } from './start-failures.js';
import type { SupersedeCheck } from '../reconcile/supersede-check.js';

/** Waits a second for a container with this probe; `isDown` is what the engine says of it, `source` that of its port. */
function untilHealthy(
  probe: () => Promise<ProbeResult>,
  { isDown = false, source, ...own }: Partial<Container> & { isDown?: boolean; source?: 'image' } = {},
  tasks: readonly ServiceTask[] = [],
) {
  const wait = new HealthWait(
    { check: () => Promise.resolve() } as unknown as SupersedeCheck,
    { tasks: () => Promise.resolve(tasks) } as unknown as DeploymentServices,
    { probe } as unknown as IngressProbe,
    { prepare: () => Promise.resolve('relay') } as unknown as Relays,
    {
      throwIfDown: () => (isDown ? Promise.reject(new Error('down')) : Promise.resolve()),
      ofTimeout: (
        _container: object,
        finding: ProbeResult | null,
        _tasks: object,
        { isExposed = false } = {},
      ) =>
        Promise.resolve(
          new DeploymentFailure(
            'app_not_answering',
            `${finding?.kind ?? 'no probe'}${isExposed ? ' on the port of the image' : ''}`,
          ),
        ),
    } as unknown as StartFailures,
  );
  const environment = { hostname: 'main-app.localhost' } as EnvironmentEntity;
  const settings = deploymentSettings({ start_timeout_seconds: 1 });
  const { signal } = new AbortController();
  const container = { ...containersOf(settings)[0], ...own };
  const started = { container, service: 'service', host: environment.hostname };
  const deployment = { settings, settingSources: source === undefined ? null : { port: source } };
  return wait.untilHealthy({ environment, signal }, deployment as DeploymentEntity, started);
}

describe('HealthWait', () => {
  it('waits until the app answers below 500', async () => {
    let probes = 0;
    const probe = (): Promise<ProbeResult> =>
      Promise.resolve(++probes < 3 ? { kind: 'answered', status: 500 } : { kind: 'answered', status: 404 });
    expect(await untilHealthy(probe)).toBe('relay');
  });

  it('gives up after start_timeout_seconds with what the probes found', async () => {
    const began = Date.now();
    await expect(untilHealthy(() => Promise.resolve({ kind: 'broken' }))).rejects.toThrow('broken');
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
  });

  it('knows a port that its image exposes when it gives up', async () => {
    const refused = () => Promise.resolve({ kind: 'refused' } as const);
    await expect(untilHealthy(refused, { source: 'image' })).rejects.toThrow(
      'refused on the port of the image',
    );
  });

  it('gives up at once when the app is down', async () => {
    // A wait to the end of start_timeout_seconds ends with what the probes found.
    await expect(untilHealthy(() => Promise.resolve({ kind: 'refused' }), { isDown: true })).rejects.toThrow(
      'down',
    );
  });
});

describe('HealthWait for a container without a port', () => {
  const probe = () => Promise.reject(new Error('it was probed'));
  const tasks = (state: string) => [{ id: 't1', state } as unknown as ServiceTask];

  it('probes nothing, and returns once it has stayed up', async () => {
    const began = performance.now();
    expect(await untilHealthy(probe, { port: null }, tasks('running'))).toBeNull();
    expect(performance.now() - began).toBeGreaterThan(4_900);
  });

  it('gives up after start_timeout_seconds and the time for which it must stay up', async () => {
    const began = performance.now();
    await expect(untilHealthy(probe, { port: null }, tasks('starting'))).rejects.toThrow('no probe');
    expect(performance.now() - began).toBeGreaterThan(5_900);
  });

  it('gives up at once when it is down', async () => {
    const down = untilHealthy(probe, { port: null, isDown: true }, tasks('failed'));
    await expect(down).rejects.toThrow('down');
  });
});
