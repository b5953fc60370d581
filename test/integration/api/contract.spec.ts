import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

/** Every endpoint of the public reference, in its notation. */
const ENDPOINTS = `
GET /auth/github
GET /auth/github/callback
GET /auth/me
POST /auth/api-keys
GET /auth/api-keys
DELETE /auth/api-keys/:id
GET /projects
POST /projects
GET /projects/:id
PATCH /projects/:id
DELETE /projects/:id
GET /projects/:id/environments
GET /environments/:id
POST /environments/:id/rebuild
POST /environments/:id/restart
POST /environments/:id/pause
POST /environments/:id/resume
POST /environments/:id/reset
POST /environments/:id/destroy
GET /deployments/:id
GET /deployments/:id/logs
GET /projects/:id/env-vars
PUT /projects/:id/env-vars
DELETE /projects/:id/env-vars/:varId
GET /nodes
POST /nodes/join-token
GET /nodes/:id
DELETE /nodes/:id
GET /quota
POST /webhooks/github`
  .trim()
  .split('\n');

describe('a client written from the public reference alone', () => {
  it.each(ENDPOINTS)('finds %s', async (endpoint) => {
    const [method = '', path = ''] = endpoint.split(' ');
    const document = (await (await fetch(`${nexos.api.baseUrl}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const documented = path.replace(/:(\w+)/g, '{$1}');
    expect(Object.keys(document.paths[documented] ?? {})).toContain(method.toLowerCase());
  });

  it('creates a project as in its example, and reads every field of the response', async () => {
    const body = {
      name: 'my-app',
      github_repo: 'octocat/my-app',
      dockerfile: 'Dockerfile',
      build_context: '.',
      services: { postgres: true, redis: true, s3: false },
    };
    const response = await nexos.api.request('POST', '/projects', body);
    expect(response.ok).toBe(true);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({
      ...body,
      id: expect.stringMatching(/^proj_/) as string,
      slug: 'my-app',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    });
  });

  it('reads the quota as in its example', async () => {
    const number = expect.any(Number) as number;
    const time = expect.stringMatching(/^\d{4}-\d\d-01T00:00:00.000Z$/) as string;
    expect(await nexos.api.get('/quota')).toEqual({
      plan: expect.any(String) as string,
      period: { start: time, end: time },
      usage: { projects: number, total_cpu: number, total_memory_mb: number, build_minutes_used: number },
      limits: { max_projects: number, max_cpu: number, max_memory_mb: number, build_minutes: number },
      build_minutes_level: 'ok',
    });
  });

  it('works with a key created as the reference says', async () => {
    const { key } = await nexos.api.post<{ key: string }>('/auth/api-keys', { name: 'ci' });
    expect(key).toMatch(/^nxs_/);
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${nexos.api.baseUrl}/api/projects`, { headers });
    expect(response.status).toBe(200);
    expect(Array.isArray(await response.json())).toBe(true);
  });
});
