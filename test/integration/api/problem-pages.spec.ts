import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { problemOf } from './api-fixture.js';
import { GithubAppSystem } from './github-app-fixture.js';

/** As browsers send it when they open a page. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let system: GithubAppSystem;
beforeAll(async () => {
  system = await GithubAppSystem.start(inject('system'));
});
afterAll(() => system.stop());

const open = (path: string, headers: Record<string, string> = BROWSER) =>
  fetch(`${system.nexos.api.baseUrl}/api${path}`, { headers });

describe('a page that browsers open', () => {
  it('explains an unknown link, and runs nothing', async () => {
    const response = await open('/github/app-manifest?state=<b>');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; style-src");
    expect(response.headers.get('cache-control')).toBe('no-store');
    const html = await response.text();
    expect(html).toContain('must be the one of the URL');
    expect(html).toContain(response.headers.get('x-request-id'));
    expect(html).not.toMatch(/<script|<b>/);
  });

  it('says what to do if GitHub does not know the code', async () => {
    const callback = await system.create();
    callback.searchParams.set('code', 'unknown');
    const response = await open(`${callback.pathname.replace('/api', '')}${callback.search}`);
    expect(response.status).toBe(409);
    const html = await response.text();
    expect(html).toContain('GitHub does not know this code');
    expect(html).toContain('POST /api/github/app-manifest');
  });

  it('says where to sign in', async () => {
    const response = await open('/github/install');
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('Sign in at /api/auth/github, and open this page again.');
  });

  it('is problem details for other clients', async () => {
    const response = await open('/github/install', { accept: '*/*' });
    expect(response.status).toBe(401);
    expect((await problemOf(response)).detail).toContain('Sign in at /api/auth/github');
  });
});

it('other routes answer browsers with problem details', async () => {
  const response = await open('/projects');
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect((await problemOf(response)).detail).toContain('Send one: Authorization');
});
