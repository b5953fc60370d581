import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf, refusedFields } from './api-fixture.js';

const DASHBOARD = 'https://dashboard.example';
let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: { DASHBOARD_URL: `${DASHBOARD}/start?page=1` },
  });
});
afterAll(() => nexos.stop());

const from = (origin: string, path = '/projects') => nexos.api.request('GET', path, undefined, { origin });
const preflight = (origin: string, method = 'POST') =>
  fetch(`${nexos.api.baseUrl}/api/projects`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  });
const corsHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('a response', () => {
  it.each(['/api/projects', '/api/nothing', '/health/live', '/metrics'])(
    'has security headers that restrict browsers: %s',
    async (path) => {
      const { headers } = await fetch(`${nexos.api.baseUrl}${path}`);
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    },
  );

  it('has security headers even when it is sent before the body is read', async () => {
    const headers = { 'content-type': 'text/plain', origin: DASHBOARD };
    const response = await nexos.api.request('POST', '/projects', 'text', headers);
    expect(response.status).toBe(415);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('access-control-allow-origin')).toBe(DASHBOARD);
  });

  it('has security headers even when it is a stream', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const { latest_deployment_id: deployment } = await nexos.api.waitForEnvironment(id);
    const response = await nexos.api.request('GET', `/deployments/${deployment ?? ''}/logs`, undefined, {
      accept: 'text/event-stream',
      origin: DASHBOARD,
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('access-control-allow-origin')).toBe(DASHBOARD);
    expect(response.headers.get('ratelimit-limit')).not.toBeNull();
    await response.body?.cancel();
  });
});

describe('the origin of the dashboard', () => {
  it('may read responses and the headers that it needs, with its cookie', async () => {
    const { headers, status } = await from(DASHBOARD);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(DASHBOARD);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('vary')).toMatch(/Origin/);
    const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['etag', 'link', 'location', 'ratelimit-limit', 'retry-after', 'x-request-id']),
    );
  });

  it('may read errors', async () => {
    const response = await from(DASHBOARD, '/projects/none');
    expect(response.status).toBe(404);
    expect(response.headers.get('access-control-allow-origin')).toBe(DASHBOARD);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'may send a preflight for %s without a key',
    async (method) => {
      const response = await preflight(DASHBOARD, method);
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-methods')).toContain(method);
      expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
        'idempotency-key',
      );
    },
  );
});

describe('another origin', () => {
  it.each([
    'https://evil.example',
    'http://dashboard.example',
    'https://dashboard.example.evil.example',
    'https://sub.dashboard.example',
    'https://dashboard.example:8443',
    'null',
    '*',
  ])('gets no CORS headers: %s', async (origin) => {
    expect(corsHeaders(await from(origin))).toEqual([]);
    const response = await preflight(origin);
    expect(corsHeaders(response)).toEqual([]);
    expect(response.status).toBe(404);
  });
});

describe('an unsupported method', () => {
  it.each([
    ['DELETE', '/api/projects', 'GET, HEAD, POST'],
    ['PUT', '/api/projects/proj_x', 'GET, HEAD'],
    ['GET', '/api/webhooks/github', 'POST'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['PATCH', '/api/environments/env_x/destroy?x=1', 'POST'],
  ])('%s %s gets a 405 with the supported ones', async (method, path, allow) => {
    const response = await fetch(`${nexos.api.baseUrl}${path}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(allow.split(', ')));
    expect((await problemOf(response)).type).toBe('urn:nexos:problem:method-not-allowed');
  });
});

describe('hostile input', () => {
  const create = (body: string) =>
    fetch(`${nexos.api.baseUrl}/api/projects`, { method: 'POST', headers: json(), body });
  const json = () => ({ ...authorization(), 'content-type': 'application/json' });
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it.each([
    ['NUL', String.raw`{"name":"a\u0000b","github_repo":"acme/app"}`, 'name'],
    ['nested NUL', String.raw`{"services":{"postgres":"\u0000"}}`, 'services.postgres'],
    ['NUL in a list', String.raw`{"name":["x","\u0000"]}`, 'name.1'],
    ['a lone surrogate', String.raw`{"name":"\ud800"}`, 'name'],
    ['NUL and nothing else', String.raw`"\u0000"`, 'body'],
  ])('is rejected by field: %s', async (_, body, field) => {
    expect(await refusedFields(await create(body))).toEqual([field]);
  });

  it.each([33, 1_000, 100_000])('is rejected when nested %i deep', async (depth) => {
    const response = await create(nested(depth));
    expect(response.status).toBe(400);
    await problemOf(response);
  });

  it.each(['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"x":1}}}', '[]', '1', 'null'])(
    'is rejected as a body: %s',
    async (body) => {
      const response = await create(body);
      expect(response.status).toBe(400);
      await problemOf(response);
    },
  );

  it.each([
    ['cursor=a&cursor=b', 'cursor'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=%00', 'cursor'],
    ['limit=1%00', 'limit'],
    ['x%00=1', 'x\0'],
  ])('is rejected as a query: %s', async (query, field) => {
    expect(await refusedFields(await nexos.api.request('GET', `/projects?${query}`))).toEqual([field]);
  });

  it.each([
    '__proto__=1',
    '__proto__[x]=1',
    'constructor=1',
    'hasOwnProperty=1',
    'limit[$gt]=1',
    '=',
    '&&',
    '%',
  ])('causes no server error as a query: %s', async (query) => {
    expect((await nexos.api.request('GET', `/projects?${query}`)).status).toBeLessThan(500);
  });

  it('gets a 404 as a path', async () => {
    for (const path of ['/projects/%00', '/deployments/dep_%00', '/environments/%00']) {
      expect((await nexos.api.request('GET', path)).status).toBe(404);
    }
  });

  it('gets a readable 413 as a body of unknown length that is too long', async () => {
    const answer = await sendChunked(1_200_000);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:nexos:problem:body-too-large' });
    expect((await sendChunked(1_000)).status).toBe(400);
  });

  function sendChunked(bytes: number): Promise<{ status: number; body: string }> {
    const { hostname, port } = new URL(nexos.api.baseUrl);
    return new Promise((resolve, reject) => {
      const sent = request(
        { hostname, port, path: '/api/projects', method: 'POST', headers: json(), agent: false },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        },
      ).on('error', reject);
      sent.write('{"name":"');
      for (let left = bytes; left > 0; left -= 10_000) sent.write('x'.repeat(Math.min(left, 10_000)));
      sent.end('"}');
    });
  }
});

function authorization(): { authorization: string } {
  return { authorization: nexos.api.authorization };
}
