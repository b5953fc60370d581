import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiClient, Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, problemOf } from './api-fixture.js';

let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api'] });
});
afterAll(() => nexos.stop());

const ROUTES: [string, string][] = [
  ['GET', '/auth/me'],
  ['POST', '/auth/logout'],
  ['GET', '/auth/api-keys'],
  ['POST', '/auth/api-keys'],
  ['DELETE', '/auth/api-keys/:key'],
  ['GET', '/projects'],
  ['POST', '/projects'],
  ['GET', '/projects/:project'],
  ['GET', '/projects/:project/environments'],
  ['GET', '/environments/:environment'],
  ['POST', '/environments/:environment/destroy'],
  ['GET', '/deployments/:deployment'],
  ['GET', '/deployments/:deployment/logs'],
];

/** What the stack's own account has: a key, a project, its environment and that one's deployment. */
async function possessions(): Promise<Record<string, string>> {
  const { id: project, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const environment = await nexos.api.environment(project);
  const { id: key } = await nexos.api.post<{ id: string }>('/auth/api-keys', { name: 'mine' });
  return { key, project, environment: environment.id, deployment: environment.latest_deployment_id ?? '' };
}
const pathOf = (route: string, ids: Record<string, string>) =>
  route.replace(/:(\w+)/, (_, kind: string) => ids[kind] ?? '');

describe('a route', () => {
  const UNKNOWN = `nxs_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  const BAD: [string, string | undefined][] = [
    ['no key', undefined],
    ['an empty one', ''],
    ['no scheme', UNKNOWN],
    ['another scheme', `Basic ${Buffer.from(`x:${UNKNOWN}`).toString('base64')}`],
    ['a malformed key', 'Bearer hello'],
    ['a key of another prefix', `Bearer ${UNKNOWN.replace('nxs', 'ghp')}`],
    ['a key that nobody made', `Bearer ${UNKNOWN}`],
    ['two keys', `Bearer ${UNKNOWN} ${UNKNOWN}`],
    ['a key of a megabyte’s beginning', `Bearer ${'x'.repeat(8_000)}`],
    ['something with quotes', `Bearer nxs_' OR 1=1 --`],
  ];

  it.each(BAD)('with %s answers 401, whatever it is asked', async (_, authorization) => {
    const ids = { key: 'key_x', project: 'proj_x', environment: 'env_x', deployment: 'dep_x' };
    for (const [method, route] of ROUTES) {
      const response = await fetch(`${nexos.api.baseUrl}/api${pathOf(route, ids)}`, {
        method,
        ...(authorization === undefined ? {} : { headers: { authorization } }),
      });
      expect(response.status, `${method} ${route}`).toBe(401);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:unauthenticated');
    }
  });

  it('with somebody else’s secret behind a known key’s id answers 401', async () => {
    const { key } = await anotherAccount(nexos, 'forged');
    const forged = key.slice(0, -5) + (key.endsWith('AAAAA') ? 'BBBBB' : 'AAAAA');
    const headers = { authorization: `Bearer ${forged}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers })).status).toBe(401);
    const good = { authorization: `Bearer ${key}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers: good })).status).toBe(200);
  });

  it('with a key that was revoked answers 401', async () => {
    const { key } = await anotherAccount(nexos, 'revoked');
    const keyId = key.split('_')[1];
    await nexos.database.query('UPDATE api_keys SET revoked_at = now() WHERE key_id = $1', [keyId]);
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${nexos.api.baseUrl}/api/projects`, { headers });
    expect(response.status).toBe(401);
    await problemOf(response);
  });

  it('takes the scheme in any case, as RFC 9110 has it', async () => {
    const { key } = await anotherAccount(nexos, 'cases');
    const headers = { authorization: `bearer ${key}` };
    expect((await fetch(`${nexos.api.baseUrl}/api/projects`, { headers })).status).toBe(200);
  });
});

describe('a key', () => {
  it('is kept as a hash alone', async () => {
    const { key } = await anotherAccount(nexos, 'hashed');
    const [, keyId, secret] = /^nxs_([^_]+)_(.+)$/.exec(key) ?? [];
    const [row] = await nexos.column<object>('SELECT to_jsonb(k) FROM api_keys k WHERE key_id = $1', [keyId]);
    expect(JSON.stringify(row)).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(JSON.stringify(row)).not.toContain(secret);
  });
});

describe('another account', () => {
  let other: ApiClient;
  let mine: Record<string, string>;
  beforeAll(async () => {
    ({ api: other } = await anotherAccount(nexos, 'another account'));
    mine = await possessions();
  });

  it.each(ROUTES.filter(([, route]) => route.includes(':')))('sees 404 at %s %s', async (method, route) => {
    const path = pathOf(route, mine);
    const response = await other.request(method, path);
    expect(response.status).toBe(404);
    const theirs = await problemOf(response);
    // Exactly what it is told of a thing that does not exist.
    const nowhere = path.replace(/_[0-9a-z]{26}/, `_${'0'.repeat(26)}`);
    const missing = await problemOf(await other.request(method, nowhere));
    expect({ ...theirs, request_id: '' }).toEqual({ ...missing, request_id: '' });
  });

  it('sees nothing of it in its list, and destroys nothing', async () => {
    expect(await other.get<unknown[]>('/projects')).toEqual([]);
    const environment = await nexos.api.get<Environment>(`/environments/${mine.environment ?? ''}`);
    expect(environment.status).toBe('pending');
  });

  it('cannot reach it with a cursor of ours', async () => {
    const { project } = mine;
    await createProject(nexos);
    expect(await other.get<unknown[]>(`/projects?cursor=${(project ?? '').replace(/.$/, 'z')}`)).toEqual([]);
  });

  it('follows no log of ours', async () => {
    const path = `/deployments/${mine.deployment ?? ''}/logs`;
    const response = await other.request('GET', path, undefined, { accept: 'text/event-stream' });
    expect(response.status).toBe(404);
    await problemOf(response);
  });
});

describe('an id', () => {
  const ODD: [string, string][] = [
    ['of no form', 'x'],
    ['of NUL', '%00'],
    ['that climbs', '..%2f..%2fetc'],
    ['of SQL', "' OR 1=1"],
    ['that is long', 'x'.repeat(190)],
    ['that is absurdly long', 'x'.repeat(5_000)],
    ['beyond ASCII', '%F0%9F%9A%80'],
    ['in capitals', 'PROJ_01K00000000000000000000000'],
    ['of a project that is not there', 'proj_' + '0'.repeat(26)],
    ['of an environment that is not there', 'env_' + '0'.repeat(26)],
  ];
  const NAMED = ROUTES.filter(([, route]) => route.includes(':'));

  it.each(ODD)('%s names nothing: 404, or 414 where no server would read on', async (_, id) => {
    const ids = { key: id, project: id, environment: id, deployment: id };
    for (const [method, route] of NAMED) {
      const response = await nexos.api.request(method, pathOf(route, ids));
      expect(id.length > 1_000 ? [404, 414] : [404], `${method} ${route}`).toContain(response.status);
      await problemOf(response);
    }
  });
});
