import { Agent, createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { type IngressTunnel } from '@nexos/ingress';
import { afterEach, describe, expect, it } from 'vitest';
import { S3Connection } from './s3-connection.js';
import { S3Server } from './s3-server.js';
import { ServiceUnavailableError, ServiceRefusedError } from './service-recipe.js';

interface Answer {
  status?: number;
  body?: string;
  /** What happens after half of the body, instead of the other half. */
  half?: 'breaks off' | 'stalls';
}

let fake: Server | undefined;
afterEach(() => {
  fake?.close();
  fake?.closeAllConnections();
});

/** A server with scripted answers, including faults that a real one does not produce on demand. */
async function serverWith(
  answer: (request: string) => Answer,
  mark: string | null = null,
): Promise<S3Server> {
  const server = createServer((request, response) => {
    const { status = 200, body = '', half } = answer(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
      if (half === undefined) response.end(body);
      else response.write(body.slice(0, body.length / 2), () => half === 'breaks off' && response.destroy());
    });
  });
  fake = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = Object.assign(new Agent(), { createConnection: () => connect({ port }) });
  const tunnel = { agent, headersFor: () => ({}), failureReason: () => mark } as unknown as IngressTunnel;
  const { signal } = new AbortController();
  const on = {
    service: 's3',
    relay: null,
    guard: () => Promise.resolve(),
    signal,
    onProgress: () => undefined,
  };
  return new S3Server(new S3Connection(tunnel, on, 'password', 500), () => undefined);
}
const error = (code: string) => `<Error><Code>${code}</Code><Message>of a tenant</Message></Error>`;

describe('S3Server', () => {
  it('gives up on a bucket that does not become empty', async () => {
    const requests: string[] = [];
    const listed = '<ListBucketResult><Contents><Key>\uFFFD</Key></Contents></ListBucketResult>';
    const server = await serverWith((request) => {
      requests.push(request);
      return { body: request.includes('list-type=2') ? listed : '<Answer/>' };
    });
    expect(await server.removeBucket('bucket')).toBe(false);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(3);
    expect(requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });

  it('keeps a bucket whose object cannot be deleted, and deletes the other objects', async () => {
    const left = new Set(['held', 'other']);
    const requests: string[] = [];
    const server = await serverWith((request) => {
      requests.push(request);
      if (request.startsWith('POST')) left.delete('other');
      const refused = '<Error><Key>held</Key><Code>AccessDenied</Code></Error>';
      if (request.startsWith('POST')) return { body: `<DeleteResult>${refused}</DeleteResult>` };
      const listed = [...left].map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
      return { body: request.includes('list-type=2') ? `<Result>${listed}</Result>` : '<Answer/>' };
    });
    expect(await server.removeBucket('bucket')).toBe(false);
    expect([...left]).toEqual(['held']);
    expect(requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });

  it.each([
    [2, true],
    [Infinity, false],
  ])('retries a bucket that seems empty but is not, %d times: %s', async (times, expected) => {
    let tried = 0;
    const server = await serverWith((request) => {
      if (!request.startsWith('DELETE')) return { body: '<Answer/>' };
      return ++tried > times ? { status: 204 } : { status: 409, body: error('BucketNotEmpty') };
    });
    expect(await server.removeBucket('bucket')).toBe(expected);
    expect(tried).toBe(3);
  });

  it('treats a missing bucket as removed', async () => {
    const server = await serverWith((request) => ({
      status: 404,
      body: request.startsWith('HEAD') ? '' : error('NoSuchBucket'),
    }));
    expect(await server.removeBucket('bucket')).toBe(true);
  });

  it.each([
    ['breaks off', 'it is unreachable: ECONNRESET'],
    ['stalls', 'it is unreachable: timed out'],
  ] as const)('throws ServiceUnavailableError when a response %s midway', async (half, message) => {
    const server = await serverWith(() => ({ body: '<Answer></Answer>', half }));
    const away = { name: 'ServiceUnavailableError', message };
    await expect(server.waitReady()).rejects.toMatchObject(away);
    await expect(server.removeAccount('env_1')).rejects.toMatchObject(away);
  });

  it('throws ServiceUnavailableError when a response is not XML', async () => {
    const server = await serverWith(() => ({ body: '<Answer' }));
    await expect(server.waitReady()).rejects.toThrow(
      new ServiceUnavailableError('ListBuckets: unreadable response'),
    );
  });

  it.each([
    [403, 'AccessDenied', ServiceRefusedError],
    [503, 'SlowDown', ServiceUnavailableError],
    [500, 'InternalError', ServiceUnavailableError],
  ])('distinguishes transient errors from refusals: %i %s', async (status, code, expected) => {
    const server = await serverWith(() => ({ status, body: error(code) }));
    await expect(server.waitReady()).rejects.toThrow(new expected(`ListBuckets: ${code} (${status})`));
    await expect(server.removeAccount('env_1')).rejects.toThrow(
      new expected(`delete-user: ${code} (${status})`),
    );
  });

  it('rejects a response that the server itself did not send', async () => {
    const server = await serverWith(() => ({ status: 200, body: '' }), 'refused');
    await expect(server.waitReady()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: 'it is refused',
    });
    await expect(server.removeAccount('env_1')).rejects.toThrow(ServiceUnavailableError);
  });

  it('rejects account names and secrets that would need escaping', async () => {
    const server = await serverWith(() => ({}));
    await expect(server.putAccount('a&b', 'secret')).rejects.toThrow(RangeError);
    await expect(server.putAccount('name', '<secret>')).rejects.toThrow(RangeError);
  });
});
