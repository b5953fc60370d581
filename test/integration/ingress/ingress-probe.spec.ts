import { IngressConfig, loadConfig } from '@nexos/config';
import { IngressProbe, IngressUnavailableError, type ProbeRequest } from '@nexos/ingress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_PORT, IngressFixture } from './ingress-fixture.js';

let ingress: IngressFixture;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  await ingress.startApp('shop', 'shop');
});
afterAll(async () => {
  await ingress.stop();
});

const asking = (over: Partial<ProbeRequest> = {}): ProbeRequest => ({
  service: 'shop',
  port: APP_PORT,
  host: 'main-shop.test',
  path: '/',
  timeoutMs: 5_000,
  ...over,
});

describe('a probe', () => {
  it.each([200, 204, 302, 404, 500, 502, 503, 504])(
    'brings the status %i of the app itself',
    async (status) => {
      expect(await ingress.probe.probe(asking({ path: `/status/${status}` }))).toEqual({
        kind: 'answered',
        status,
      });
    },
  );

  it('tells a service without a task, a port that is closed, and an app that hangs up', async () => {
    expect(await ingress.probe.probe(asking({ service: 'no-such-service' }))).toEqual({ kind: 'unresolved' });
    expect(await ingress.probe.probe(asking({ port: 3999 }))).toEqual({ kind: 'refused' });
    expect(await ingress.probe.probe(asking({ path: '/close' }))).toEqual({ kind: 'broken' });
  });

  it('gives up in time on an app that never answers', async () => {
    const began = performance.now();
    expect(await ingress.probe.probe(asking({ path: '/hang', timeoutMs: 300 }))).toEqual({ kind: 'timeout' });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('ends with the reason of its signal', async () => {
    const reason = new Error('superseded');
    const controller = new AbortController();
    const probing = ingress.probe.probe(asking({ path: '/hang', signal: controller.signal }));
    setImmediate(() => controller.abort(reason));
    await expect(probing).rejects.toBe(reason);
    await expect(ingress.probe.probe(asking({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });

  it.each<Partial<ProbeRequest>>([
    { service: 'shop:3000\r\nx: y' },
    { service: '127.0.0.1' },
    { port: 0 },
    { host: 'a\r\nx: y' },
    { path: 'x' },
    { path: '/ HTTP/1.1\r\nx: y' },
  ])('refuses %j', async (over) => {
    await expect(ingress.probe.probe(asking(over))).rejects.toThrow(RangeError);
  });

  it('blames the ingress, not the app, when HAProxy is away', async () => {
    const { config } = loadConfig({ config: IngressConfig }, { INGRESS_SOCKET_DIR: '/nonexistent' });
    await expect(new IngressProbe(config).probe(asking())).rejects.toThrow(IngressUnavailableError);
  });
});
