import { EngineConfig, ServicesConfig } from '@nexos/config';
import { describe, expect, it } from 'vitest';
import type { Relays } from '../relays/relays.js';
import { ServiceCalls } from './service-calls.js';
import { ServiceUnavailableError, ServiceRefusedError, type ServiceReach } from './service-recipe.js';

const AWAY = new ServiceUnavailableError('it is unresolved');

function run(call: (on: ServiceReach, time: number) => Promise<void>, timeoutMs = 300, signal = never()) {
  const lines: string[] = [];
  let times = 0;
  const relays = { prepare: () => Promise.resolve(null) } as unknown as Relays;
  const config = Object.assign(new ServicesConfig(), { timeoutMs });
  const calls = new ServiceCalls(new EngineConfig(), config, relays);
  const on = { projectId: 'proj_1', kind: 's3', guard: () => Promise.resolve(), signal };
  const end = calls.run({ call: (reach) => call(reach, ++times) }, on, (line) => lines.push(line));
  return { end, lines, times: () => times };
}
const never = () => new AbortController().signal;

describe('ServiceCalls', () => {
  it('passes the name of the Swarm service to the call', async () => {
    let asked = '';
    const { end } = run(({ service }) => Promise.resolve(void (asked = service)));
    expect(await end).toEqual({ kind: 'exited', code: 0 });
    expect(asked).toBe('nexos-nexos-proj-1-s3');
  });

  it('restarts the call until the service answers', async () => {
    const { end, times, lines } = run(
      (_, time) => (time < 3 ? Promise.reject(AWAY) : Promise.resolve()),
      5_000,
    );
    expect(await end).toEqual({ kind: 'exited', code: 0 });
    expect(times()).toBe(3);
    expect(lines).toEqual([]);
  });

  it('times out with the last reason when the service does not answer in time', async () => {
    const { end, lines } = run(() => Promise.reject(AWAY));
    expect(await end).toEqual({ kind: 'timed-out', lastState: 'it is unresolved' });
    expect(lines).toEqual(['it is unresolved']);
  });

  it('restarts the timeout after each progress', async () => {
    const { end, times } = run((on, time) => {
      if (time > 4) return Promise.resolve();
      on.onProgress();
      return Promise.reject(AWAY);
    });
    expect(await end).toEqual({ kind: 'exited', code: 0 });
    expect(times()).toBe(5);
  });

  it('does not restart the call after a refusal or an internal error', async () => {
    const refused = run(() =>
      Promise.reject(new ServiceRefusedError('create-user: XAdminAccessDenied (403)')),
    );
    expect(await refused.end).toEqual({ kind: 'exited', code: 1 });
    expect(refused.lines).toEqual(['create-user: XAdminAccessDenied (403)']);
    const lost = new Error('the lease is lost');
    const faulty = run(() => Promise.reject(lost));
    await expect(faulty.end).rejects.toBe(lost);
    expect([refused.times(), faulty.times()]).toEqual([1, 1]);
  });

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    const { end } = run(() => Promise.reject(AWAY), 60_000, controller.signal);
    const reason = new Error('shutting down');
    controller.abort(reason);
    await expect(end).rejects.toBe(reason);
  });
});
