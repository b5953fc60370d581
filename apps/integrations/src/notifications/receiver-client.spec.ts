import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotifyConfig } from '@nexos/config';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PrivateAddressError, ReceiverClient } from './receiver-client.js';

/** What the name server of an attacker answers, one after the other; the last answer stays. */
const answers = vi.hoisted((): string[][] => []);
const resolve4 = vi.hoisted(() =>
  vi.fn(() => Promise.resolve((answers.length > 1 ? answers.shift() : answers[0]) ?? [])),
);
// A public name server cannot be asked in a test.
vi.mock('node:dns/promises', async (original) => ({
  ...(await original<typeof import('node:dns/promises')>()),
  Resolver: class {
    readonly resolve4 = resolve4;
    readonly resolve6 = () => Promise.reject(Object.assign(new Error('no address'), { code: 'ENODATA' }));
  },
}));

/** Public and not used: it belongs to no host that answers. */
const PUBLIC = '198.97.190.253';
const LOOPBACK = '127.0.0.1';
const METADATA = '169.254.169.254';

let server: Server;
let requests = 0;
beforeAll(async () => {
  server = createServer((_request, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  answers.length = 0;
  resolve4.mockClear();
});

/** Posts to a name of the attacker, at the port of the server on this machine. */
function post(): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  const client = new ReceiverClient(new NotifyConfig());
  const url = new URL(`http://rebinding.example.com:${port}/`);
  return client.post(url, {}, '{}', AbortSignal.timeout(300)).then(
    (response) => response,
    (error: unknown) => error,
  );
}

describe('ReceiverClient', () => {
  it('connects to the address that it checked, although the name now has a private one', async () => {
    const warn = vi.spyOn(console, 'warn');
    answers.push([PUBLIC], [LOOPBACK]);
    expect(await post()).not.toBeInstanceOf(PrivateAddressError);
    expect(resolve4).toHaveBeenCalledTimes(1);
    expect(await post()).toBeInstanceOf(PrivateAddressError);
    expect(requests).toBe(0);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['a private and a public one', [LOOPBACK, PUBLIC]],
    ['a public and a private one', [PUBLIC, LOOPBACK]],
    ['that of the metadata of a cloud', [METADATA]],
  ])('sends nothing to a private address of a name with several: %s', async (_, addresses) => {
    answers.push(addresses);
    expect(await post()).toBeInstanceOf(Error);
    expect(requests).toBe(0);
  });
});
