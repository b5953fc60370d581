import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FaultKind } from '../../support/github-api/faults.js';
import type { GithubApiUser, PermissionLevel } from '../../support/github-api/repositories.js';
import type { Project } from '../../support/nexos/api-client.js';
import { eventually } from '../../support/eventually.js';
import { anotherAccount, problemOf } from './api-fixture.js';
import {
  accountOf,
  type GithubAppSystem,
  githubUser,
  repositoryName,
  startWithApp,
} from './app-access-fixture.js';
import {
  create,
  INSTALLATION,
  isListingDue,
  listWithoutIt,
  projectsOf,
  refusal,
  repositoryFor,
  settle,
} from './repository-check-fixture.js';

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
    const { id, api, name, repositoryId } = await repositoryFor(system, permission, { isPrivate });
    expect((await create(api, name)).status).toBe(status);
    const expected = {
      github_repo: name,
      repository_key: name,
      repository_id: String(repositoryId),
      installation_id: String(INSTALLATION),
      checked: true,
      paused: null,
    };
    expect(await projectsOf(system, id)).toEqual(status === 201 ? [expected] : []);
    const access = await system.nexos.column(
      'SELECT permission FROM repository_access WHERE account_id = $1',
      [id],
    );
    const everybody = !isPrivate && permission === 'none' ? 'none' : permission;
    expect(access).toEqual([everybody]);
  });

  it.each(['active', 'suspended', 'removed'])(
    'is not paused because of an earlier list of its installation, which was %s',
    async (status) => {
      const { id, api, name } = await repositoryFor(system, 'write');
      await listWithoutIt(system, status);
      expect((await create(api, name)).status).toBe(201);
      await settle(system);
      expect(await projectsOf(system, id)).toMatchObject([{ paused: null }]);
      expect(await isListingDue(system)).toBe(true);
    },
  );

  it('does not have a list read again that has its repository', async () => {
    const { api, name } = await repositoryFor(system, 'write');
    await listWithoutIt(system);
    expect((await create(api, name)).status).toBe(201);
    await listWithoutIt(system);
    expect((await create(api, name)).status).toBe(201);
    expect(await isListingDue(system)).toBe(false);
  });

  it('has the name that GitHub writes, whatever the letter case of the request', async () => {
    const { id, api, name } = await repositoryFor(system, 'write');
    const response = await create(api, name.toUpperCase());
    expect(response.status).toBe(201);
    expect(((await response.json()) as Project).github_repo).toBe(name);
    expect(await projectsOf(system, id)).toMatchObject([{ repository_key: name }]);
  });

  it('has the new name of a repository that was renamed', async () => {
    const { id, api, name, repositoryId } = await repositoryFor(system, 'write');
    const renamed = repositoryName();
    system.github.repositories.rename(name, renamed);
    system.github.install(renamed, INSTALLATION);
    expect((await create(api, name)).status).toBe(201);
    expect(await projectsOf(system, id)).toMatchObject([
      { github_repo: renamed, repository_id: String(repositoryId), installation_id: String(INSTALLATION) },
    ]);
  });

  it('asks with tokens that can read nothing but metadata', async () => {
    const { api, name } = await repositoryFor(system, 'read', { installation: 73 });
    const before = system.github.tokenRequests.length;
    expect((await create(api, name)).status).toBe(201);
    expect(system.github.tokenRequests.slice(before)).toEqual([{ permissions: { metadata: 'read' } }]);
  });

  it('is refused with the same words whether the repository exists or not', async () => {
    const { api } = await repositoryFor(system, 'none');
    const withoutAccess = (await repositoryFor(system, 'admin')).name;
    const withoutApp = repositoryName();
    system.github.repositories.create(withoutApp);
    const suspended = repositoryName();
    system.github.repositories.create(suspended);
    system.github.install(suspended, 74);
    system.github.installations.suspend(74);
    const publicOne = (await repositoryFor(system, 'admin', { isPrivate: false })).name;
    const answers = [];
    for (const name of [withoutAccess, withoutApp, suspended, publicOne, repositoryName()]) {
      answers.push(await refusal(await create(api, name), name));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('https://github.example/apps/nexos-test/installations/new');
  });

  it('is refused while the installation is suspended, also to the owner', async () => {
    const { id, api, name } = await repositoryFor(system, 'admin', { installation: 75 });
    system.github.installations.suspend(75);
    expect(await refusal(await create(api, name), name)).toContain('have the owner unsuspend it');
    expect(await refusal(await create(system.nexos.api, name), name)).toContain('is suspended there');
    expect(await projectsOf(system, id)).toEqual([]);
    system.github.installations.suspend(75, false);
    expect((await create(api, name)).status).toBe(201);
  });

  it('is refused to a user whose login belongs to somebody else now', async () => {
    const { id, api, name, user } = await repositoryFor(system, 'admin');
    const successor: GithubApiUser = { id: githubUser().id, login: user.login };
    system.github.repositories.permit(name, successor, 'admin');
    await refusal(await create(api, name), name);
    expect(await projectsOf(system, id)).toEqual([]);
  });

  it('is refused to a user whose login GitHub no longer knows', async () => {
    const { name } = await repositoryFor(system, 'admin');
    const { api } = await accountOf(system.nexos, githubUser());
    expect(await refusal(await create(api, name), name)).toContain('sign in with GitHub again');
  });

  it('can have a repository that a project of another account has, if both users may use it', async () => {
    const first = await repositoryFor(system, 'write');
    const user = githubUser();
    const second = await accountOf(system.nexos, user);
    expect((await create(first.api, first.name)).status).toBe(201);
    await refusal(await create(second.api, first.name), first.name);
    system.github.repositories.permit(first.name, user, 'read');
    expect((await create(second.api, first.name)).status).toBe(201);
    const ids = [...(await projectsOf(system, first.id)), ...(await projectsOf(system, second.id))];
    expect(ids.map(({ repository_id: id }) => id)).toEqual(Array(2).fill(String(first.repositoryId)));
  });

  it('is refused to an account that does not sign in with GitHub, without asking GitHub', async () => {
    const { name } = await repositoryFor(system, 'admin');
    const { api } = await anotherAccount(system.nexos);
    const before = system.github.requests.length;
    expect(await refusal(await create(api, name), name)).toContain('does not sign in with GitHub');
    expect(system.github.requests).toHaveLength(before);
  });

  it('of an operator without GitHub can have every repository with the App, and no other', async () => {
    const { name } = await repositoryFor(system, 'none');
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
    const { id, api, name } = await repositoryFor(system, 'write', { installation: ++installations });
    system.github.failWhen((request) => (step.test(request) ? { kind, isApplied: false } : null));
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const response = await create(api, name, headers);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await problemOf(response)).detail).toContain('GitHub');
    expect(await projectsOf(system, id)).toEqual([]);
    system.github.failWhen(null);
    expect((await create(api, name, headers)).status).toBe(201);
    const replayed = await create(api, name, headers);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(await projectsOf(system, id)).toHaveLength(1);
  });

  it.each<FaultKind>(['timeout', 'slow body'])('with a %s, the request ends in time', async (kind) => {
    const { id, api, name } = await repositoryFor(system, 'write');
    system.github.failWhen((request) =>
      request.endsWith('/permission') ? { kind, isApplied: false } : null,
    );
    expect((await create(api, name)).status).toBe(503);
    expect(await projectsOf(system, id)).toEqual([]);
  });

  it('tells how long GitHub asks to wait', async () => {
    const { api, name } = await repositoryFor(system, 'write');
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
    const { id, api, name } = await repositoryFor(system, 'write');
    system.github.simulate({ status, body: { message: 'No' } });
    const response = await create(api, name);
    system.github.simulate(null);
    expect(response.status).toBe(403);
    expect(await projectsOf(system, id)).toEqual([]);
  });

  it('requests with an idempotency key hold neither a transaction nor a turn', async () => {
    const { id, api, name } = await repositoryFor(system, 'write');
    const before = system.github.requests.length;
    system.github.failWhen((request) =>
      request.endsWith('/permission') ? { kind: 'timeout', isApplied: false } : null,
    );
    const requests = Array.from({ length: 8 }, () =>
      create(api, name, { 'idempotency-key': crypto.randomUUID() }),
    );
    await eventually('all requests to wait for GitHub', () =>
      Promise.resolve(permissionsAskedSince(before) === 8 ? true : undefined),
    );
    const other = await anotherAccount(system.nexos);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    expect((await other.api.request('POST', '/auth/api-keys', { name: 'ci' }, headers)).status).toBe(201);
    await eventually('no open transaction', async () => {
      const open = await system.nexos.column(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      return open.length === 0 ? true : undefined;
    });
    system.github.dropConnections();
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(Array(8).fill(503));
    expect(await projectsOf(system, id)).toEqual([]);
  });

  it('limits how many requests of an account wait', async () => {
    const { api, name } = await repositoryFor(system, 'write');
    const before = system.github.requests.length;
    system.github.failWhen((request) =>
      request.endsWith('/permission') ? { kind: 'timeout', isApplied: false } : null,
    );
    let refused = 0;
    const requests = Array.from({ length: 12 }, () =>
      create(api, name).then(({ status }) => {
        refused += 1;
        return status;
      }),
    );
    await eventually('eight requests to wait for GitHub, and the others to be refused', () =>
      Promise.resolve(permissionsAskedSince(before) === 8 && refused === 4 ? true : undefined),
    );
    system.github.dropConnections();
    expect(await Promise.all(requests)).toEqual(Array(12).fill(503));
  });
});

function permissionsAskedSince(before: number): number {
  return system.github.requests.slice(before).filter((one) => one.endsWith('/permission')).length;
}
