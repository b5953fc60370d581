import { Agent, createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { IngressTunnel } from '@nexos/ingress';
import { afterEach, describe, expect, it } from 'vitest';
import { S3Connection } from './s3-connection.js';
import { S3Server } from './s3-server.js';
import { ServiceAwayError, ServiceRefusedError } from './service-recipe.js';

interface Answer {
  status?: number;
  body?: string;
}

let fake: Server | undefined;
afterEach(() => fake?.close());

/** A server that answers as it is told: what the real ones do not do when they are asked to. */
async function serverThat(answer: (asked: string) => Answer, mark: string | null = null): Promise<S3Server> {
  const server = createServer((request, response) => {
    const { status = 200, body = '' } = answer(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => response.writeHead(status).end(body));
  });
  fake = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = Object.assign(new Agent(), { createConnection: () => connect({ port }) });
  const tunnel = { agent, headersFor: () => ({}), whyNot: () => mark } as unknown as IngressTunnel;
  const { signal } = new AbortController();
  const on = { service: 's3', guard: () => Promise.resolve(), signal, onProgress: () => undefined };
  return new S3Server(new S3Connection(tunnel, on, 'password'), () => undefined);
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
    expect(asked.filter((what) => what.startsWith('POST'))).toHaveLength(1);
    expect(asked.filter((what) => what.startsWith('DELETE'))).toEqual([]);
  });

  it('does not take an object that may not be deleted for one that is gone', async () => {
    const server = await serverThat((what) => ({
      body: what.startsWith('POST')
        ? '<DeleteResult><Error><Key>held</Key><Code>AccessDenied</Code></Error></DeleteResult>'
        : '<ListBucketResult><Contents><Key>held</Key></Contents></ListBucketResult>',
    }));
    await expect(server.removeBucket('bucket')).rejects.toThrow(
      new ServiceRefusedError('DeleteObjects: AccessDenied'),
    );
  });

  it.each([
    [403, 'AccessDenied', ServiceRefusedError],
    [503, 'SlowDown', ServiceAwayError],
    [500, 'InternalError', ServiceAwayError],
  ])('tells what passes from what does not: %i %s', async (status, code, expected) => {
    const server = await serverThat(() => ({ status, body: error(code) }));
    await expect(server.greet()).rejects.toThrow(new expected(`ListBuckets: ${code} (${status})`));
    await expect(server.removeAccount('env_1')).rejects.toThrow(
      new expected(`delete-user: ${code} (${status})`),
    );
  });

  it('believes no answer but that of the server itself', async () => {
    const server = await serverThat(() => ({ status: 200, body: '' }), 'refused');
    await expect(server.greet()).rejects.toMatchObject({
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
