import { Agent, createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { type IngressTunnel } from '@nexos/ingress';
import { afterEach, describe, expect, it } from 'vitest';
import { S3Connection } from './s3-connection.js';
import { S3Server } from './s3-server.js';
import { ServiceAwayError, ServiceRefusedError } from './service-recipe.js';

interface Answer {
  status?: number;
  body?: string;
  /** How it goes on after half of its body, in place of the other half. */
  half?: 'is cut off' | 'stands still';
}

let fake: Server | undefined;
afterEach(() => {
  fake?.close();
  fake?.closeAllConnections();
});

/** A server that answers as it is told: what the real ones do not do when they are asked to. */
async function serverThat(answer: (asked: string) => Answer, mark: string | null = null): Promise<S3Server> {
  const server = createServer((request, response) => {
    const { status = 200, body = '', half } = answer(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
      if (half === undefined) response.end(body);
      else response.write(body.slice(0, body.length / 2), () => half === 'is cut off' && response.destroy());
    });
  });
  fake = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = Object.assign(new Agent(), { createConnection: () => connect({ port }) });
  const tunnel = { agent, headersFor: () => ({}), whyNot: () => mark } as unknown as IngressTunnel;
  const { signal } = new AbortController();
  const on = { service: 's3', guard: () => Promise.resolve(), signal, onProgress: () => undefined };
  return new S3Server(new S3Connection(tunnel, on, 'password', 500), () => undefined);
}
const error = (code: string) => `<Error><Code>${code}</Code><Message>of a tenant</Message></Error>`;

describe('the S3 server of a project, seen by its administrator', () => {
  it('leaves a bucket that does not get empty, and comes to an end', async () => {
    const asked: string[] = [];
    const listed = '<ListBucketResult><Contents><Key>\uFFFD</Key></Contents></ListBucketResult>';
    const server = await serverThat((what) => {
      asked.push(what);
      return { body: what.includes('list-type=2') ? listed : '<Answer/>' };
    });
    expect(await server.removeBucket('bucket')).toBe(false);
    expect(asked.filter((what) => what.startsWith('POST'))).toHaveLength(3);
    expect(asked.filter((what) => what.startsWith('DELETE'))).toEqual([]);
  });

  it('leaves a bucket with an object that may not be deleted, and takes away the others', async () => {
    const left = new Set(['held', 'other']);
    const asked: string[] = [];
    const server = await serverThat((what) => {
      asked.push(what);
      if (what.startsWith('POST')) left.delete('other');
      const refused = '<Error><Key>held</Key><Code>AccessDenied</Code></Error>';
      if (what.startsWith('POST')) return { body: `<DeleteResult>${refused}</DeleteResult>` };
      const listed = [...left].map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
      return { body: what.includes('list-type=2') ? `<Result>${listed}</Result>` : '<Answer/>' };
    });
    expect(await server.removeBucket('bucket')).toBe(false);
    expect([...left]).toEqual(['held']);
    expect(asked.filter((what) => what.startsWith('DELETE'))).toEqual([]);
  });

  it.each([
    [2, true],
    [Infinity, false],
  ])('tries again with a bucket that seems empty and is not, %d times: %s', async (times, expected) => {
    let tried = 0;
    const server = await serverThat((what) => {
      if (!what.startsWith('DELETE')) return { body: '<Answer/>' };
      return ++tried > times ? { status: 204 } : { status: 409, body: error('BucketNotEmpty') };
    });
    expect(await server.removeBucket('bucket')).toBe(expected);
    expect(tried).toBe(3);
  });

  it('takes a bucket that is not there for one that is removed', async () => {
    const server = await serverThat((what) => ({
      status: 404,
      body: what.startsWith('HEAD') ? '' : error('NoSuchBucket'),
    }));
    expect(await server.removeBucket('bucket')).toBe(true);
  });

  it.each([
    ['is cut off', 'no way to it: ECONNRESET'],
    ['stands still', 'no way to it: it stands still'],
  ] as const)('is away when an answer %s midway', async (half, message) => {
    const server = await serverThat(() => ({ body: '<Answer></Answer>', half }));
    const away = { name: 'ServiceAwayError', message };
    await expect(server.waitReady()).rejects.toMatchObject(away);
    await expect(server.removeAccount('env_1')).rejects.toMatchObject(away);
  });

  it('is away when an answer is no XML', async () => {
    const server = await serverThat(() => ({ body: '<Answer' }));
    await expect(server.waitReady()).rejects.toThrow(
      new ServiceAwayError('ListBuckets: its answer cannot be read'),
    );
  });

  it.each([
    [403, 'AccessDenied', ServiceRefusedError],
    [503, 'SlowDown', ServiceAwayError],
    [500, 'InternalError', ServiceAwayError],
  ])('tells what passes from what does not: %i %s', async (status, code, expected) => {
    const server = await serverThat(() => ({ status, body: error(code) }));
    await expect(server.waitReady()).rejects.toThrow(new expected(`ListBuckets: ${code} (${status})`));
    await expect(server.removeAccount('env_1')).rejects.toThrow(
      new expected(`delete-user: ${code} (${status})`),
    );
  });

  it('believes no answer but that of the server itself', async () => {
    const server = await serverThat(() => ({ status: 200, body: '' }), 'refused');
    await expect(server.waitReady()).rejects.toMatchObject({
      name: 'ServiceAwayError',
      message: 'it is refused',
    });
    await expect(server.removeAccount('env_1')).rejects.toThrow(ServiceAwayError);
  });

  it('puts nothing into its requests that would have to be escaped', async () => {
    const server = await serverThat(() => ({}));
    await expect(server.putAccount('a&b', 'secret')).rejects.toThrow(RangeError);
    await expect(server.putAccount('name', '<secret>')).rejects.toThrow(RangeError);
  });
});
