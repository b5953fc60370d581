import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_KINDS, type ErrorKind } from '../../../apps/api/src/http/problems/api-error.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { problemOf } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

/** Writes raw bytes, and reads until the connection is closed. */
async function answerTo(bytes: string): Promise<Response> {
  const { hostname, port } = new URL(nexos.api.baseUrl);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(10_000, () => socket.destroy(new Error('the connection stays open')));
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const [status = '', ...headers] = head.split('\r\n');
  expect(headers).toContain(`content-length: ${Buffer.byteLength(body)}`);
  return new Response(body, {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(status)?.[1]),
    headers: headers.map((header) => header.split(': ') as [string, string]),
  });
}

describe('an unparsable request', () => {
  it.each<[string, string, ErrorKind]>([
    ['a NUL in a header', 'GET /api/projects HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n', 'malformed-request'],
    ['no HTTP at all', 'EHLO mail.example\r\n\r\n', 'malformed-request'],
    [
      'headers that are too large',
      `GET /api/projects HTTP/1.1\r\nhost: x\r\na: ${'a'.repeat(17_000)}\r\n\r\n`,
      'headers-too-large',
    ],
  ])('gets a problem like any other request: %s', async (_what, bytes, kind) => {
    const response = await answerTo(bytes);
    expect(response.status).toBe(ERROR_KINDS[kind].status);
    expect(response.headers.get('connection')).toBe('close');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { type, title } = await problemOf(response);
    expect({ type, title }).toEqual({ type: `urn:nexos:problem:${kind}`, title: ERROR_KINDS[kind].title });
  });
});

describe('a request that Node would answer without a body', () => {
  it.each<[string, string, ErrorKind]>([
    [
      'an unknown expectation',
      'GET /api/projects HTTP/1.1\r\nhost: x\r\nexpect: a-miracle\r\n\r\n',
      'expectation-failed',
    ],
    ['no Host', 'GET /api/projects HTTP/1.1\r\nconnection: close\r\n\r\n', 'malformed-request'],
    [
      'no Host for no route',
      'POST /nowhere HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
      'malformed-request',
    ],
  ])('gets a problem like any other: %s', async (_what, bytes, kind) => {
    const response = await answerTo(bytes);
    expect(response.status).toBe(ERROR_KINDS[kind].status);
    const { type } = await problemOf(response);
    expect(type).toBe(`urn:nexos:problem:${kind}`);
  });

  it('is not one of HTTP/1.0 without Host, or with 100-continue', async () => {
    expect((await answerTo('GET /api/nothing HTTP/1.0\r\n\r\n')).status).toBe(404);
    const body = 'POST /api/nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n';
    const { hostname, port } = new URL(nexos.api.baseUrl);
    const socket = connect(Number(port), hostname);
    socket.write(`${body}content-length: 2\r\n\r\n{}`);
    expect(await text(socket)).toContain('100 Continue');
  });
});

it.each(['GET', 'HEAD'])('a %s request can have a content type without a body', async (method) => {
  const headers = { 'content-type': 'text/plain' };
  expect((await nexos.api.request(method, '/projects', undefined, headers)).status).toBe(200);
});
