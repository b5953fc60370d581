import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Browser, locationOf } from '../../support/nexos/browser.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { accountOf, githubUser, type GithubAppSystem, startWithApp } from './app-access-fixture.js';
import { anotherAccount, problemOf, refusedFields } from './api-fixture.js';
import { DASHBOARD } from './sign-in-fixture.js';

let system: GithubAppSystem;
beforeAll(async () => {
  system = await startWithApp(inject('system'), { DASHBOARD_URL: DASHBOARD });
});
afterAll(() => system.stop());

async function begin(query = '') {
  const { api, id } = await accountOf(system.nexos, githubUser());
  const browser = new Browser(system.nexos.api.baseUrl);
  const response = await browser.get(`/api/github/install${query}`, { authorization: api.authorization });
  return { browser, id, response };
}

const back = async (browser: Browser, query: string) =>
  locationOf(await browser.get(`/api/github/install/callback?${query}`));
const links = (accountId: string) =>
  system.nexos.column('SELECT installation_id FROM account_installations WHERE account_id = $1', [accountId]);

describe('GET /github/install', () => {
  it('redirects to the installation page of the App with a state, and asks for its name once', async () => {
    const { browser, response } = await begin();
    const target = new URL(locationOf(response));
    expect(target.origin + target.pathname).toBe('https://github.example/apps/nexos-test/installations/new');
    const state = target.searchParams.get('state') ?? '';
    expect(state).toMatch(/^[\w-]{43}$/);
    const { header = '' } = browser.cookies.get('nexos_install') ?? {};
    expect(header).toMatch(/; HttpOnly/);
    expect(header).toMatch(/; SameSite=Lax/);
    expect(header).not.toContain(state);
    const asked = () => system.github.requests.filter((request) => request === 'GET /app').length;
    const before = asked();
    await begin();
    expect(asked()).toBe(before);
  });

  it('needs credentials', async () => {
    const response = await new Browser(system.nexos.api.baseUrl).get('/api/github/install');
    expect(response.status).toBe(401);
  });

  it.each(['//evil.example', 'https://evil.example', '/a b'])('rejects the return path %j', async (path) => {
    const { response } = await begin(`?return_to=${encodeURIComponent(path)}`);
    expect(await refusedFields(response)).toEqual(['return_to']);
  });
});

describe('the return from GitHub', () => {
  it('leads to the place in the dashboard that was asked for, and links nothing', async () => {
    const { browser, id, response } = await begin('?return_to=/projects%3Ftab=1');
    const state = new URL(locationOf(response)).searchParams.get('state') ?? '';
    const query = `installation_id=99&setup_action=install&state=${state}`;
    expect(await back(browser, query)).toBe(`${DASHBOARD}/projects?tab=1&setup_action=install`);
    expect(await links(id)).toEqual([]);
    expect(browser.cookies.has('nexos_install')).toBe(false);
    expect(await back(browser, query)).toBe(`${DASHBOARD}?setup_action=install`);
  });

  it('leads to the start of the dashboard in another browser, with another state or without one', async () => {
    const { browser, response } = await begin('?return_to=/projects');
    const state = new URL(locationOf(response)).searchParams.get('state') ?? '';
    const other = new Browser(system.nexos.api.baseUrl);
    expect(await back(other, `installation_id=1&state=${state}`)).toBe(`${DASHBOARD}?setup_action=install`);
    expect(await back(browser, `installation_id=1&state=x${state.slice(1)}`)).toBe(
      `${DASHBOARD}?setup_action=install`,
    );
    expect(await back(other, 'installation_id=1&setup_action=update')).toBe(
      `${DASHBOARD}?setup_action=update`,
    );
  });

  it('says in the dashboard that an owner has to approve', async () => {
    const { browser, response } = await begin();
    const state = new URL(locationOf(response)).searchParams.get('state') ?? '';
    expect(await back(browser, `setup_action=request&state=${state}`)).toBe(
      `${DASHBOARD}?setup_action=request`,
    );
  });

  it.each(['installation_id=x', 'setup_action=evil', 'state=%00', `state=${'a'.repeat(200)}`])(
    'rejects %s',
    async (query) => {
      const browser = new Browser(system.nexos.api.baseUrl);
      const response = await browser.get(`/api/github/install/callback?${query}`);
      expect(await refusedFields(response)).toEqual([query.split('=')[0]]);
    },
  );
});

describe('without a dashboard', () => {
  let plain: GithubAppSystem;
  beforeAll(async () => {
    plain = await startWithApp(inject('system'), { REPOSITORIES: 'any' });
  });
  afterAll(() => plain.stop());

  it.each([
    ['', 'installed', 'GET /api/github/repositories'],
    ['setup_action=update', 'updated', 'GET /api/github/repositories'],
    ['setup_action=request', 'requested', 'approve'],
  ])('the return with %j says %s', async (query, result, detail) => {
    const response = await fetch(`${plain.nexos.api.baseUrl}/api/github/install/callback?${query}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ result, detail: expect.stringContaining(detail) as string });
  });

  it('answers 503 while GitHub does not say how the App is called', async () => {
    plain.github.failWhen(() => ({ kind: '502', isApplied: false }));
    const response = await plain.nexos.api.request('GET', '/github/install');
    plain.github.failWhen(null);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
  });

  it('a project can have any repository, without asking GitHub, and the log warns of that', async () => {
    const { home } = inject('system');
    const log = () => readFileSync(join(home, 'test', plain.nexos.instance, 'api.log'), 'utf8');
    const warning = 'each may deploy every repository that Nexos can read. Set REPOSITORIES=connected.';
    expect(log()).not.toContain(warning);
    const { api } = await anotherAccount(plain.nexos);
    const before = plain.github.requests.length;
    await api.createProject({ name: 'shop', github_repo: 'acme/any' });
    expect(plain.github.requests).toHaveLength(before);
    await plain.nexos.app('api').stop('SIGTERM');
    plain.nexos.app('api').start();
    await plain.nexos.ready();
    expect(log()).toContain(warning);
  });
});

describe('without a GitHub App', () => {
  let bare: NexosStack;
  beforeAll(async () => {
    bare = await NexosStack.start(inject('system'), { apps: ['api'], env: { REPOSITORIES: 'connected' } });
  });
  afterAll(() => bare.stop());

  it.each(['/github/installations', '/github/repositories', '/github/install'])(
    'GET %s says what the operator must do',
    async (path) => {
      const response = await bare.api.request('GET', path);
      expect(response.status).toBe(404);
      expect((await problemOf(response)).detail).toContain('POST /api/github/app-manifest');
    },
  );

  it('no repository can be connected', async () => {
    const response = await bare.api.request('POST', '/projects', { name: 'shop', github_repo: 'acme/shop' });
    expect(response.status).toBe(403);
    expect((await problemOf(response)).detail).toContain('No GitHub App is configured');
  });
});
