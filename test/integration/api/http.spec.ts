import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { ISO, commit, createProject, problemOf } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${nexos.api.baseUrl}${path}`, { headers });
async function pushed(branch = 'main') {
  const project = await createProject(nexos);
  const { repository } = project;
  await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(1), message: 'Hello' });
  return { project, environment: await nexos.api.waitForEnvironment(project.id, branch) };
}

describe('an environment', () => {
  it('has its branch, its URL and its latest deployment', async () => {
    const { project, environment } = await pushed('feature/One');
    expect(environment).toEqual({
      id: expect.stringMatching(/^env_[0-9a-z]{26}$/) as string,
      project_id: project.id,
      branch: 'feature/One',
      status: 'pending',
      url: `http://feature-one-${project.slug}.localhost:${nexos.env.PUBLIC_PORT ?? ''}`,
      live_deployment_id: null,
      latest_deployment_id: expect.stringMatching(/^dep_/) as string,
      created_at: ISO,
      destroyed_at: null,
      last_error: null,
      health: null,
    });
    expect(await nexos.api.get(`/environments/${environment.id}`)).toEqual({
      ...environment,
      containers: [],
      settings: null,
      storage: [],
    });
  });

  it('has the status of its deployment while that builds and deploys, and its own otherwise', async () => {
    const { environment } = await pushed();
    const id = environment.latest_deployment_id;
    const statusAs = async (status: string) => {
      await nexos.database.query('UPDATE deployments SET status = $2 WHERE id = $1', [id, status]);
      return (await nexos.api.get<Environment>(`/environments/${environment.id}`)).status;
    };
    expect(await statusAs('building')).toBe('building');
    expect(await statusAs('deploying')).toBe('deploying');
    expect(await statusAs('cancelled')).toBe('pending');
  });

  it('is destroyed with a 202 and its new status, idempotently', async () => {
    const { environment } = await pushed();
    for (let i = 0; i < 2; i++) {
      const response = await nexos.api.request('POST', `/environments/${environment.id}/destroy`);
      expect(response.status).toBe(202);
      expect(await response.json()).toMatchObject({ id: environment.id, status: 'destroying' });
    }
    expect(await nexos.api.get(`/deployments/${environment.latest_deployment_id ?? ''}`)).toMatchObject({
      status: 'cancelled',
      finished_at: ISO,
    });
  });

  it('can be destroyed with a content type but no body', async () => {
    const { environment } = await pushed();
    const response = await nexos.api.request('POST', `/environments/${environment.id}/destroy`, undefined, {
      'content-type': 'application/json',
    });
    expect(response.status).toBe(202);
  });
});

describe('a deployment', () => {
  it('has its commit and its timestamps', async () => {
    const { project, environment } = await pushed();
    const id = environment.latest_deployment_id ?? '';
    expect(await nexos.api.get(`/deployments/${id}`)).toEqual({
      id,
      project_id: project.id,
      environment_id: environment.id,
      trigger: 'push',
      status: 'queued',
      branch: 'main',
      commit_sha: commit(1),
      commit_message: 'Hello',
      commit_author: 'Nexos Test',
      url: environment.url,
      image_digest: null,
      failure: null,
      skip_reason: null,
      queued_at: ISO,
      started_at: null,
      built_at: null,
      live_at: null,
      finished_at: null,
    });
  });

  it('says why it failed', async () => {
    const { environment } = await pushed();
    const id = environment.latest_deployment_id ?? '';
    await nexos.database.query(
      `UPDATE deployments SET status = 'failed', failure_code = 'build_timeout', failure_message = 'Too slow.',
         started_at = now(), finished_at = now() WHERE id = $1`,
      [id],
    );
    expect(await nexos.api.get(`/deployments/${id}`)).toMatchObject({
      status: 'failed',
      failure: { code: 'build_timeout', message: 'Too slow.' },
      started_at: ISO,
      finished_at: ISO,
    });
  });
});

describe('a request', () => {
  it('keeps its X-Request-Id when that is valid, and gets one otherwise', async () => {
    const given = await get('/health/live', { 'x-request-id': 'from_caller-1' });
    expect(given.headers.get('x-request-id')).toBe('from_caller-1');
    for (const id of ['short', 'x'.repeat(65), 'has spaces in it', '<script>alert(1)</script>', '']) {
      const { headers } = await get('/health/live', { 'x-request-id': id });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    const ids = await Promise.all([1, 2].map(() => get('/health/live')));
    expect(new Set(ids.map(({ headers }) => headers.get('x-request-id'))).size).toBe(2);
  });

  it('has its id in the problem when it fails', async () => {
    const response = await get('/api/projects', { 'x-request-id': 'find-me-again' });
    expect(await problemOf(response)).toMatchObject({ request_id: 'find-me-again' });
  });

  it.each(['/', '/api', '/api/', '/api/nothing', '/favicon.ico', '/api/projects/a/b/c', '/api//projects'])(
    'gets a 404 for an unknown path: %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:not-found');
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'gets a 404 or a 405 for an unsupported %s',
    async (method) => {
      for (const path of ['/api/projects', '/api/webhooks/github', '/health/live']) {
        const response = await fetch(`${nexos.api.baseUrl}${path}`, { method });
        expect([404, 405]).toContain(response.status);
        await problemOf(response);
      }
    },
  );

  it.each(['/api/%', '/api/projects/%ZZ', '/api/projects/%C3%28', '/%E0%A4%A'])(
    'gets a 400 or 404 problem when its path cannot be decoded: %s',
    async (path) => {
      const response = await getRaw(path);
      expect([400, 404]).toContain(response.status);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(response.body)).toMatchObject({
        status: response.status,
        request_id: response.headers['x-request-id'],
      });
    },
  );
});

describe('without a key', () => {
  it('/health/live answers ok', async () => {
    const response = await get('/health/live');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('/health/ready reports Postgres and Redis', async () => {
    const response = await get('/health/ready');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok', checks: { postgres: 'ok', redis: 'ok' } });
  });

  it('/metrics answers in Prometheus’s format', async () => {
    await pushed();
    const response = await get('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toMatch(
      /nexos_webhook_deliveries_total\{event="push",outcome="accepted"\} [1-9]/,
    );
  });
});

describe('a visitor of an address without a running environment', () => {
  const visit = (host: string, accept = '*/*') =>
    getRaw('/any/path?at=all', {
      socketPath: join(nexos.env.INGRESS_SOCKET_DIR ?? '', 'fallback.sock'),
      headers: { host, accept },
    });

  it('gets the reason, as JSON for programs and as a page for browsers', async () => {
    const { environment } = await pushed();
    const { host, hostname } = new URL(environment.url);
    expect(await visit(host)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect((await visit(hostname.toUpperCase(), 'text/html')).body).toContain(
      '<h1>Environment starting</h1>',
    );
    await nexos.api.post(`/environments/${environment.id}/destroy`);
    expect(await visit(host)).toMatchObject({ status: 410 });
    expect(JSON.parse((await visit('nobody.localhost')).body)).toMatchObject({ status: 404 });
    expect(await visit('')).toMatchObject({ status: 404 });
  });
});

/** Sends the path verbatim: fetch would normalize it, and cannot use a Unix socket. */
function getRaw(
  path: string,
  options: { socketPath?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { hostname, port } = new URL(nexos.api.baseUrl);
  const target = options.socketPath === undefined ? { hostname, port } : {};
  return new Promise((resolve, reject) => {
    request({ ...target, ...options, path, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    })
      .on('error', reject)
      .end();
  });
}
