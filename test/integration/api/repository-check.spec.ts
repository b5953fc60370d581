import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FaultKind } from '../../support/github-api/faults.js';
import type { GithubApiUser, PermissionLevel } from '../../support/github-api/repositories.js';
import type { ApiClient, Project } from '../../support/nexos/api-client.js';
import { anotherAccount, problemOf } from './api-fixture.js';
import {
  accountOf,
  githubUser,
  type GithubAppSystem,
  repositoryName,
  startWithApp,
} from './app-access-fixture.js';

const INSTALLATION = 71;
const NOT_YOURS = 'urn:nexos:problem:repository-not-yours';

let installations = 10_000;
let system: GithubAppSystem;
beforeAll(async () => {
  system = await startWithApp(inject('system'));
});
afterEach(() => {
  system.github.failWhen(null);
  expect(system.github.malformed).toEqual([]);
});
afterAll(() => system.stop());

/** Creates a repository with the App, in which a new user with an account may do something. */
async function repositoryFor(
  permission: PermissionLevel,
  { isPrivate = true, installation = INSTALLATION } = {},
) {
  const name = repositoryName();
  const repositoryId = system.github.repositories.create(name, { isPrivate });
  system.github.install(name, installation);
  const user = githubUser();
  system.github.repositories.permit(name, user, permission);
  return { name, repositoryId, user, ...(await accountOf(system.nexos, user)) };
}

const create = (api: ApiClient, repository: string, headers = {}) =>
  api.request('POST', '/projects', { name: 'shop', github_repo: repository }, headers);
const projectsOf = (accountId: string) =>
  system.nexos.rows<Record<string, unknown>>(
    `SELECT github_repo, repository_key, repository_id, installation_id, access_checked_at IS NOT NULL AS checked
     FROM projects WHERE account_id = $1 ORDER BY id`,
    [accountId],
  );

/** Expects a 403, and returns what it says, without what differs between requests. */
async function refusal(response: Response, repository: string): Promise<string> {
  expect(response.status).toBe(403);
  const { type, detail } = await problemOf(response);
  expect(type).toBe(NOT_YOURS);
  return detail.replaceAll(repository, 'REPOSITORY');
}

describe('a new project', () => {
  it.each<[PermissionLevel, boolean, number]>([
    ['none', true, 403],
    ['read', true, 201],
    ['write', true, 201],
    ['admin', true, 201],
    ['none', false, 403],
    ['read', false, 403],
    ['write', false, 201],
    ['admin', false, 201],
  ])('of a user with the permission %s, if private is %s: %i', async (permission, isPrivate, status) => {
    const { id, api, name, repositoryId } = await repositoryFor(permission, { isPrivate });
    expect((await create(api, name)).status).toBe(status);
    const expected = {
      github_repo: name,
      repository_key: name,
      repository_id: String(repositoryId),
      installation_id: String(INSTALLATION),
      checked: true,
    };
    expect(await projectsOf(id)).toEqual(status === 201 ? [expected] : []);
    const access = await system.nexos.column(
      'SELECT permission FROM repository_access WHERE account_id = $1',
      [id],
    );
    const everybody = !isPrivate && permission === 'none' ? 'none' : permission;
    expect(access).toEqual([everybody]);
  });

  it('has the name that GitHub writes, whatever the letter case of the request', async () => {
    const { id, api, name } = await repositoryFor('write');
    const response = await create(api, name.toUpperCase());
    expect(response.status).toBe(201);
    expect(((await response.json()) as Project).github_repo).toBe(name);
    expect(await projectsOf(id)).toMatchObject([{ repository_key: name }]);
  });

  it('has the new name of a repository that was renamed', async () => {
    const { id, api, name, repositoryId } = await repositoryFor('write');
    const renamed = repositoryName();
    system.github.repositories.rename(name, renamed);
    system.github.install(renamed, INSTALLATION);
    expect((await create(api, name)).status).toBe(201);
    expect(await projectsOf(id)).toMatchObject([
      { github_repo: renamed, repository_id: String(repositoryId), installation_id: String(INSTALLATION) },
    ]);
  });

  it('asks with tokens that can read nothing but metadata', async () => {
    const { api, name } = await repositoryFor('read', { installation: 73 });
    const before = system.github.tokenRequests.length;
    expect((await create(api, name)).status).toBe(201);
    expect(system.github.tokenRequests.slice(before)).toEqual([{ permissions: { metadata: 'read' } }]);
  });

  it('is refused with the same words whether the repository exists or not', async () => {
    const { api } = await repositoryFor('none');
    const withoutAccess = (await repositoryFor('admin')).name;
    const withoutApp = repositoryName();
    system.github.repositories.create(withoutApp);
    const suspended = repositoryName();
    system.github.repositories.create(suspended);
    system.github.install(suspended, 74);
    system.github.installations.suspend(74);
    const publicOne = (await repositoryFor('admin', { isPrivate: false })).name;
    const answers = [];
    for (const name of [withoutAccess, withoutApp, suspended, publicOne, repositoryName()]) {
      answers.push(await refusal(await create(api, name), name));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('https://github.example/apps/nexos-test/installations/new');
  });

  it('is refused while the installation is suspended, also to the owner', async () => {
    const { id, api, name } = await repositoryFor('admin', { installation: 75 });
    system.github.installations.suspend(75);
    await refusal(await create(api, name), name);
    expect(await projectsOf(id)).toEqual([]);
    system.github.installations.suspend(75, false);
    expect((await create(api, name)).status).toBe(201);
  });

  it('is refused to a user whose login belongs to somebody else now', async () => {
    const { id, api, name, user } = await repositoryFor('admin');
    const successor: GithubApiUser = { id: githubUser().id, login: user.login };
    system.github.repositories.permit(name, successor, 'admin');
    await refusal(await create(api, name), name);
    expect(await projectsOf(id)).toEqual([]);
  });

  it('is refused to a user whose login GitHub no longer knows', async () => {
    const { name } = await repositoryFor('admin');
    const { api } = await accountOf(system.nexos, githubUser());
    expect(await refusal(await create(api, name), name)).toContain('sign in with GitHub again');
  });

  it('can have a repository that a project of another account has, if both users may use it', async () => {
    const first = await repositoryFor('write');
    const user = githubUser();
    const second = await accountOf(system.nexos, user);
    expect((await create(first.api, first.name)).status).toBe(201);
    await refusal(await create(second.api, first.name), first.name);
    system.github.repositories.permit(first.name, user, 'read');
    expect((await create(second.api, first.name)).status).toBe(201);
    const ids = [...(await projectsOf(first.id)), ...(await projectsOf(second.id))];
    expect(ids.map(({ repository_id: id }) => id)).toEqual(Array(2).fill(String(first.repositoryId)));
  });

  it('is refused to an account that does not sign in with GitHub, without asking GitHub', async () => {
    const { name } = await repositoryFor('admin');
    const { api } = await anotherAccount(system.nexos);
    const before = system.github.requests.length;
    expect(await refusal(await create(api, name), name)).toContain('does not sign in with GitHub');
    expect(system.github.requests).toHaveLength(before);
  });

  it('of an operator without GitHub can have every repository with the App, and no other', async () => {
    const { name } = await repositoryFor('none');
    expect((await create(system.nexos.api, name)).status).toBe(201);
    const other = repositoryName();
    expect(await refusal(await create(system.nexos.api, other), other)).toContain('is not installed on');
  });
});

describe('while GitHub is away', () => {
  const KINDS: FaultKind[] = ['500', '502', 'rate limit', 'secondary limit', 'dropped connection'];
  const STEPS = [/\/installation$/, /\/access_tokens$/, /^GET \/repos\/[^/]+\/[^/]+$/, /\/permission$/];
  const CASES = STEPS.flatMap((step) => KINDS.map((kind): [FaultKind, RegExp] => [kind, step]));

  it.each(CASES)('with %s at %s, nothing is created and the request can be repeated', async (kind, step) => {
    // One that has no token yet.
    const { id, api, name } = await repositoryFor('write', { installation: ++installations });
    system.github.failWhen((request) => (step.test(request) ? { kind, isApplied: false } : null));
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const response = await create(api, name, headers);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await problemOf(response)).detail).toContain('GitHub');
    expect(await projectsOf(id)).toEqual([]);
    system.github.failWhen(null);
    expect((await create(api, name, headers)).status).toBe(201);
    const replayed = await create(api, name, headers);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(await projectsOf(id)).toHaveLength(1);
  });

  it.each<FaultKind>(['timeout', 'slow body'])('with a %s, the request ends in time', async (kind) => {
    const { id, api, name } = await repositoryFor('write');
    system.github.failWhen((request) =>
      request.endsWith('/permission') ? { kind, isApplied: false } : null,
    );
    expect((await create(api, name)).status).toBe(503);
    expect(await projectsOf(id)).toEqual([]);
  });

  it('tells how long GitHub asks to wait', async () => {
    const { api, name } = await repositoryFor('write');
    const answer = { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '77' } };
    system.github.simulate(answer);
    const response = await create(api, name);
    system.github.simulate(null);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('77');
  });

  it.each<[string, number]>([
    ['denies access', 403],
    ['does not know a path', 404],
  ])('a GitHub that %s refuses', async (_, status) => {
    const { id, api, name } = await repositoryFor('write');
    system.github.simulate({ status, body: { message: 'No' } });
    const response = await create(api, name);
    system.github.simulate(null);
    expect(response.status).toBe(403);
    expect(await projectsOf(id)).toEqual([]);
  });

  it('limits how many requests of an account wait', async () => {
    const { api, name } = await repositoryFor('write');
    system.github.delayMs = 500;
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => create(api, name)))).map(
      ({ status }) => status,
    );
    system.github.delayMs = 0;
    expect(new Set(statuses)).toEqual(new Set([201, 503]));
  });
});

describe('another repository of a project', () => {
  const change = (api: ApiClient, id: string, body: object) => api.request('PATCH', `/projects/${id}`, body);

  async function connected() {
    const made = await repositoryFor('write');
    const project = (await (await create(made.api, made.name)).json()) as Project;
    return { ...made, project };
  }

  it('is checked like that of a new project', async () => {
    const { id, api, project, user, name } = await connected();
    const other = repositoryName();
    const otherId = system.github.repositories.create(other);
    system.github.install(other, 76);
    await refusal(await change(api, project.id, { github_repo: other }), other);
    expect(await projectsOf(id)).toMatchObject([{ github_repo: name }]);
    system.github.repositories.permit(other, user, 'read');
    const response = await change(api, project.id, { github_repo: other.toUpperCase() });
    expect(((await response.json()) as Project).github_repo).toBe(other);
    expect(await projectsOf(id)).toMatchObject([
      { github_repo: other, repository_id: String(otherId), installation_id: '76', checked: true },
    ]);
  });

  it('changes nothing while GitHub is away', async () => {
    const { id, api, project, name } = await connected();
    system.github.failWhen(() => ({ kind: '502', isApplied: false }));
    const response = await change(api, project.id, { github_repo: repositoryName(), name: 'new' });
    expect(response.status).toBe(503);
    expect(await projectsOf(id)).toMatchObject([{ github_repo: name }]);
    expect(await api.get<Project>(`/projects/${project.id}`)).toMatchObject({ name: 'shop' });
  });

  it('is not asked about if it is the one that was confirmed, and other settings do not ask either', async () => {
    const { id, api, project, name, repositoryId } = await connected();
    system.github.failWhen(() => ({ kind: '502', isApplied: false }));
    expect((await change(api, project.id, { github_repo: name.toUpperCase(), cpu: 1 })).status).toBe(200);
    expect((await change(api, project.id, { auto_deploy: false })).status).toBe(200);
    expect(await projectsOf(id)).toMatchObject([{ github_repo: name, repository_id: String(repositoryId) }]);
  });

  it('is asked about if nobody has confirmed it, which connects an older project', async () => {
    const { id, api, project, name } = await connected();
    await system.nexos.database.query(
      `UPDATE projects SET access_checked_at = NULL, installation_id = NULL, repository_id = NULL WHERE id = $1`,
      [project.id],
    );
    expect((await change(api, project.id, { github_repo: name })).status).toBe(200);
    expect(await projectsOf(id)).toMatchObject([{ installation_id: String(INSTALLATION), checked: true }]);
  });

  it('keeps the branches if it is the same one with another name', async () => {
    const { api, project, name } = await connected();
    await system.nexos.database.query(
      `INSERT INTO branches (project_id, name, head_sha, before_sha) VALUES ($1, 'main', $2, $2)`,
      [project.id, 'a'.repeat(40)],
    );
    const renamed = repositoryName();
    system.github.repositories.rename(name, renamed);
    system.github.install(renamed, INSTALLATION);
    const branches = () =>
      system.nexos.column('SELECT name FROM branches WHERE project_id = $1', [project.id]);
    expect((await change(api, project.id, { github_repo: renamed })).status).toBe(200);
    expect(await branches()).toEqual(['main']);
  });

  it('answers 404 for the project of another account, without asking GitHub', async () => {
    const { project } = await connected();
    const other = await repositoryFor('write');
    const before = system.github.requests.length;
    expect((await change(other.api, project.id, { github_repo: other.name })).status).toBe(404);
    expect(system.github.requests).toHaveLength(before);
  });
});
