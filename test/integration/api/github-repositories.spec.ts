import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { components } from '@nexos/client';
import type { GithubApiUser, PermissionLevel } from '../../support/github-api/repositories.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import {
  accountOf,
  githubUser,
  type GithubAppSystem,
  repositoryName,
  startWithApp,
} from './app-access-fixture.js';
import { anotherAccount, problemOf, refusedFields } from './api-fixture.js';

type Repository = components['schemas']['RepositoryResponse'];
type Installation = components['schemas']['InstallationResponse'];

let system: GithubAppSystem;
beforeAll(async () => {
  system = await startWithApp(inject('system'));
});
afterEach(() => {
  system.github.failWhen(null);
  expect(system.github.malformed).toEqual([]);
});
afterAll(() => system.stop());

let installations = 500;

/** Installs the App for an owner, as far as Nexos knows; links it to an account if one is given. */
async function install(
  fields: { ownerId?: number; status?: string; accountId?: string; ownerType?: string } = {},
) {
  const id = ++installations;
  const { ownerId = 90_000 + id, status = 'active', accountId, ownerType = 'Organization' } = fields;
  await system.nexos.database.query(
    `INSERT INTO github_installations (id, owner_id, owner_login, owner_type, repository_selection, status, changed_at)
     VALUES ($1, $2, $3, $4, 'selected', $5, now())`,
    [id, ownerId, `owner-${id}`, ownerType, status],
  );
  if (accountId !== undefined) {
    await system.nexos.database.query('INSERT INTO account_installations VALUES ($1, $2)', [accountId, id]);
  }
  return id;
}

/** Adds a repository to an installation, at GitHub and here, with what a user may do there. */
async function add(
  installation: number,
  user: GithubApiUser,
  permission: PermissionLevel,
  { isPrivate = true, name = repositoryName() } = {},
) {
  const id = system.github.repositories.create(name, { isPrivate });
  system.github.repositories.permit(name, user, permission);
  system.github.install(name, installation);
  await system.nexos.database.query(
    `INSERT INTO github_repositories (id, installation_id, name, name_key, is_private, default_branch)
     VALUES ($1, $2, $3, lower($3), $4, 'main')`,
    [id, installation, name, isPrivate],
  );
  return { id, name };
}

async function linkedUser() {
  const user = githubUser();
  const account = await accountOf(system.nexos, user);
  return { user, ...account, installation: await install({ accountId: account.id }) };
}

const namesOf = async (api: ApiClient, query = '') =>
  (await api.get<Repository[]>(`/github/repositories${query}`)).map(({ name }) => name);

/** Follows the links from page to page; returns the names of each page. */
async function pagesOf(api: ApiClient, query: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let path: string | undefined = `/github/repositories${query}`; path !== undefined;) {
    const response = await api.request('GET', path);
    expect(response.status).toBe(200);
    pages.push(((await response.json()) as Repository[]).map(({ name }) => name));
    path = /^<\/api(.+)>/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return pages;
}

const checks = () => system.github.requests.filter((request) => request.endsWith('/permission')).length;

describe('GET /github/repositories', () => {
  it('lists what the user can read if it is private, and write to if it is public, newest first', async () => {
    const { api, user, installation } = await linkedUser();
    const read = await add(installation, user, 'read');
    await add(installation, user, 'none');
    await add(installation, user, 'read', { isPrivate: false });
    const write = await add(installation, user, 'write', { isPrivate: false });
    const { id } = await api.createProject({ name: 'shop', github_repo: write.name });
    expect(await api.get('/github/repositories')).toEqual([
      {
        id: write.id,
        name: write.name,
        private: false,
        default_branch: 'main',
        installation_id: installation,
        projects: [{ id, name: 'shop', slug: 'shop' }],
      },
      expect.objectContaining({ id: read.id, name: read.name, private: true, projects: [] }),
    ]);
  });

  it('finds repositories by a part of the name, in any letter case', async () => {
    const { api, user, installation } = await linkedUser();
    const { name } = await add(installation, user, 'read', { name: 'Acme/Blue_Shop.1' });
    await add(installation, user, 'read', { name: 'acme/blueXshopX1' });
    expect(await namesOf(api, '?query=BLUE_shop')).toEqual([name]);
    expect(await namesOf(api, '?query=shop.1')).toEqual([name]);
    expect(await namesOf(api, '?query=nothing')).toEqual([]);
    expect(await refusedFields(await api.request('GET', '/github/repositories?query=%00'))).toEqual([
      'query',
    ]);
  });

  it('lists only active installations of the account, or of its own user', async () => {
    const { api, id, user, installation } = await linkedUser();
    const mine = await add(await install({ ownerId: user.id, ownerType: 'User' }), user, 'admin');
    const linked = await add(installation, user, 'read');
    for (const status of ['suspended', 'removed']) {
      await add(await install({ accountId: id, status }), user, 'admin');
    }
    await add(await install(), user, 'admin');
    expect((await namesOf(api)).sort()).toEqual([mine.name, linked.name].sort());
  });

  it('asks GitHub again after ten minutes only', async () => {
    const { api, id, user, installation } = await linkedUser();
    const { name } = await add(installation, user, 'read');
    expect(await namesOf(api)).toEqual([name]);
    const asked = checks();
    system.github.repositories.permit(name, user, 'none');
    expect(await namesOf(api)).toEqual([name]);
    expect(checks()).toBe(asked);
    await system.nexos.database.query(
      `UPDATE repository_access SET checked_at = now() - interval '10 minutes' WHERE account_id = $1`,
      [id],
    );
    expect(await namesOf(api)).toEqual([]);
    expect(checks()).toBe(asked + 1);
  });

  it('goes through all pages, with a bound of questions to GitHub for each', async () => {
    const { api, user, installation } = await linkedUser();
    const names: string[] = [];
    for (let number = 0; number < 60; number++) {
      const { name } = await add(installation, user, number % 20 === 0 ? 'read' : 'none');
      if (number % 20 === 0) names.unshift(name);
    }
    const asked = checks();
    system.github.peak = 0;
    const pages = await pagesOf(api, '');
    expect(pages.flat()).toEqual(names);
    expect(pages.length).toBe(2);
    expect(checks()).toBe(asked + 60);
    expect(system.github.peak).toBeLessThanOrEqual(8);
    expect((await pagesOf(api, '?limit=1')).flat()).toEqual(names);
    expect(checks()).toBe(asked + 60);
  });

  it('has cursors that show nothing, and that no other account can use', async () => {
    const { api, user, installation } = await linkedUser();
    const hidden = await add(installation, user, 'none');
    for (let number = 0; number < 40; number++) await add(installation, user, 'none');
    const { headers } = await api.request('GET', '/github/repositories');
    const link = headers.get('link') ?? '';
    expect(link).not.toContain(String(hidden.id));
    const cursor = new URL(/<(.+)>/.exec(link)?.[1] ?? '', 'http://x').searchParams.get('cursor') ?? '';
    const path = (text: string) => `/github/repositories?cursor=${encodeURIComponent(text)}`;
    expect((await api.request('GET', path(cursor))).status).toBe(200);
    const { api: other } = await linkedUser();
    for (const [client, text] of [
      [other, cursor],
      [api, '17'],
      [api, cursor.slice(0, -2)],
      [api, "' OR 1=1"],
    ] as const) {
      expect(await refusedFields(await client.request('GET', path(text)))).toEqual(['cursor']);
    }
  });

  it('answers 503 while GitHub is away, unless it has answers', async () => {
    const { api, user, installation } = await linkedUser();
    const { name } = await add(installation, user, 'read');
    system.github.failWhen(() => ({ kind: 'rate limit', isApplied: false }));
    const response = await api.request('GET', '/github/repositories');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await problemOf(response);
    system.github.failWhen(null);
    expect(await namesOf(api)).toEqual([name]);
    system.github.failWhen(() => ({ kind: '502', isApplied: false }));
    expect(await namesOf(api)).toEqual([name]);
  });

  it('lists nothing of an installation that GitHub has suspended meanwhile, or of a renamed user', async () => {
    const suspended = await linkedUser();
    await add(suspended.installation, suspended.user, 'admin');
    system.github.installations.suspend(suspended.installation);
    expect(await namesOf(suspended.api)).toEqual([]);
    const renamed = await linkedUser();
    const { name } = await add(renamed.installation, renamed.user, 'admin');
    const successor = { id: githubUser().id, login: renamed.user.login };
    system.github.repositories.permit(name, successor, 'admin');
    expect(await namesOf(renamed.api)).toEqual([]);
  });

  it('lists nothing for an account without GitHub, and everything for an operator without GitHub', async () => {
    const { user, installation } = await linkedUser();
    const { name } = await add(installation, user, 'none');
    const { api } = await anotherAccount(system.nexos);
    expect(await namesOf(api)).toEqual([]);
    expect(await namesOf(system.nexos.api, `?query=${name}`)).toEqual([name]);
    const pages = await pagesOf(system.nexos.api, '?limit=50');
    expect(new Set(pages.flat()).size).toBe(pages.flat().length);
    expect(pages.length).toBeGreaterThan(1);
  });
});

describe('GET /github/installations', () => {
  it('lists the installations of the account, newest first, with their pages at GitHub', async () => {
    const { api, id, user, installation } = await linkedUser();
    const own = await install({ ownerId: user.id, ownerType: 'User' });
    const suspended = await install({ accountId: id, status: 'suspended' });
    await install();
    const all = await api.get<Installation[]>('/github/installations');
    expect(all.map(({ id: one }) => one)).toEqual([suspended, own, installation]);
    expect(all[1]).toEqual({
      id: own,
      owner: `owner-${own}`,
      owner_type: 'User',
      status: 'active',
      repository_selection: 'selected',
      configure_url: `https://github.example/settings/installations/${own}`,
    });
    expect(all[0]).toMatchObject({
      status: 'suspended',
      configure_url: `https://github.example/organizations/owner-${suspended}/settings/installations/${suspended}`,
    });
  });

  it('has pages', async () => {
    const { api, id, installation } = await linkedUser();
    const second = await install({ accountId: id });
    const first = await api.request('GET', '/github/installations?limit=1');
    expect(await first.json()).toMatchObject([{ id: second }]);
    const path = /^<\/api(.+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const last = await api.request('GET', path);
    expect(await last.json()).toMatchObject([{ id: installation }]);
    expect(last.headers.get('link')).toBeNull();
    const odd = await api.request('GET', '/github/installations?cursor=proj_1');
    expect(await refusedFields(odd)).toEqual(['cursor']);
  });

  it('works while GitHub is away', async () => {
    const { api, installation } = await linkedUser();
    system.github.failWhen(() => ({ kind: '502', isApplied: false }));
    expect(await api.get('/github/installations')).toMatchObject([{ id: installation }]);
  });
});
