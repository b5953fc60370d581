import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

/** Writes bytes as they are, and reads until the connection is closed. */
async function answerTo(bytes: string): Promise<{ head: string; problem: Record<string, unknown> }> {
  const { hostname, port } = new URL(nexos.api.baseUrl);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(10_000, () => socket.destroy(new Error('the connection stays open')));
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, problem: JSON.parse(body) as Record<string, unknown> };
}

describe('what is no request', () => {
  it.each<[string, string, number, string]>([
    ['a NUL in a header', 'GET /api/projects HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n', 400, 'Bad Request'],
    ['no HTTP at all', 'EHLO mail.example\r\n\r\n', 400, 'Bad Request'],
    [
      'more headers than can be read',
      `GET /api/projects HTTP/1.1\r\nhost: x\r\na: ${'a'.repeat(17_000)}\r\n\r\n`,
      431,
      'Request Header Fields Too Large',
    ],
  ])('is answered with a problem: %s', async (_what, bytes, status, title) => {
    const { head, problem } = await answerTo(bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('content-type: application/problem+json; charset=utf-8');
    expect(head).toContain(`x-request-id: ${String(problem.request_id)}`);
    expect(problem).toMatchObject({
      status,
      title,
      type: 'about:blank',
      detail: expect.any(String) as string,
    });
  });
});

it('a GET may bear the type of a body that it does not have', async () => {
  const response = await fetch(`${nexos.api.baseUrl}/api/openapi.json`, {
    headers: { 'content-type': 'text/plain' },
  });
  expect(response.status).toBe(200);
});
