import { IngressConfig, loadConfig } from '@nexos/config';
import { IngressProbe, IngressUnavailableError, type ProbeRequest } from '@nexos/ingress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_PORT, IngressFixture } from './ingress-fixture.js';
import { PROMPT_MS } from '../../support/eventually.js';

let ingress: IngressFixture;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  await ingress.startApp('shop', 'shop');
});
afterAll(async () => {
  await ingress.stop();
});

const target = (overrides: Partial<ProbeRequest> = {}): ProbeRequest => ({
  service: 'shop',
  port: APP_PORT,
  relay: null,
  host: 'main-shop.test',
  path: '/',
  timeoutMs: 5_000,
  ...overrides,
});

describe('IngressProbe', () => {
  it.each([200, 204, 302, 404, 500, 502, 503, 504])(
    'returns the status %i of the app itself',
    async (status) => {
      expect(await ingress.probe.probe(target({ path: `/status/${status}` }))).toEqual({
        kind: 'answered',
        status,
      });
    },
  );

  it('distinguishes a service without tasks, a closed port and a dropped connection', async () => {
    expect(await ingress.probe.probe(target({ service: 'no-such-service' }))).toEqual({ kind: 'unresolved' });
    expect(await ingress.probe.probe(target({ port: 3999 }))).toEqual({ kind: 'refused' });
    expect(await ingress.probe.probe(target({ path: '/close' }))).toEqual({ kind: 'broken' });
  });

  it('times out on an app that never answers', async () => {
    const began = performance.now();
    expect(await ingress.probe.probe(target({ path: '/hang', timeoutMs: 300 }))).toEqual({ kind: 'timeout' });
    expect(performance.now() - began).toBeLessThan(PROMPT_MS);
  });

  it('rejects with the reason of its abort signal', async () => {
    const reason = new Error('superseded');
    const controller = new AbortController();
    const probing = ingress.probe.probe(target({ path: '/hang', signal: controller.signal }));
    setImmediate(() => controller.abort(reason));
    await expect(probing).rejects.toBe(reason);
    await expect(ingress.probe.probe(target({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });

  it.each<Partial<ProbeRequest>>([
    { service: 'shop:3000\r\nx: y' },
    { service: '127.0.0.1' },
    { port: 0 },
    { host: 'a\r\nx: y' },
    { path: 'x' },
    { path: '/ HTTP/1.1\r\nx: y' },
  ])('rejects the request %j', async (overrides) => {
    await expect(ingress.probe.probe(target(overrides))).rejects.toThrow(RangeError);
  });

  it('blames the ingress, not the app, when HAProxy is unreachable', async () => {
    const { config } = loadConfig({ config: IngressConfig }, { INGRESS_SOCKET_DIR: '/nonexistent' });
    await expect(new IngressProbe(config).probe(target())).rejects.toThrow(IngressUnavailableError);
  });
});
