import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectIdIn } from '../../../apps/api/src/auth/route-reach.js';
import { eventually } from '../../support/eventually.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import { ApiDocument, type ApiOperation } from '../../support/nexos/api-document.js';
import { DatabaseSnapshotter, tablesWritten } from '../../support/nexos/database-snapshot.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, createProject, problemOf, refusedFields } from './api-fixture.js';
import { createOwnedResources, exampleBody, type OwnedIds, pathWith, unknownId } from './owned-resources.js';

/** Operations about the whole account that show such a key its own projects, or itself. */
const ACCEPTED = ['audit.list', 'me.get', 'projects.list'];

let nexos: SharedApi;
let operations: readonly ApiOperation[];
/** What the key may reach, and what it may not, of one account: the operator's, who may do everything. */
let mine: OwnedIds;
let others: OwnedIds;
let limited: ApiClient;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  ({ operations } = await ApiDocument.fetch(nexos.api.baseUrl));
  others = await createOwnedResources(nexos);
  mine = await createOwnedResources(nexos);
  limited = await keyFor([mine.proj ?? '']);
});
afterAll(() => nexos.leave());

async function keyFor(projectIds: string[]): Promise<ApiClient> {
  const body = { name: 'limited', project_ids: projectIds };
  const { key } = await nexos.api.post<{ key: string }>('/auth/api-keys', body);
  return new ApiClient(nexos.api.baseUrl, key);
}
const protectedOnes = () => operations.filter(({ security }) => security.length > 0);
const ofProjects = () => protectedOnes().filter(({ path }) => projectIdIn(path) !== null);
const ask = (operation: ApiOperation, path: string) =>
  limited.request(operation.method, path, exampleBody(operation));

describe('a key that is limited to projects', () => {
  it('gets the same 404 for everything of other projects as for unknown ids, and changes nothing', async () => {
    const printer = await DatabaseSnapshotter.of(nexos.database);
    const before = await printer.print();
    expect(ofProjects().length).toBeGreaterThan(30);
    for (const operation of ofProjects()) {
      const response = await ask(
        operation,
        pathWith(operation, (kind) => others[kind]),
      );
      expect(response.status, operation.operationId).toBe(404);
      const theirs = await problemOf(response);
      const missing = await problemOf(await ask(operation, pathWith(operation, unknownId)));
      expect({ ...theirs, request_id: '' }, operation.operationId).toEqual({ ...missing, request_id: '' });
      expect(tablesWritten(before, await printer.print()), operation.operationId).toEqual([]);
    }
  });

  it('gets a 403 that says what to do for everything about the account', async () => {
    const printer = await DatabaseSnapshotter.of(nexos.database);
    const before = await printer.print();
    const account = protectedOnes().filter(
      ({ path, operationId }) => projectIdIn(path) === null && !ACCEPTED.includes(operationId),
    );
    expect(account.length).toBeGreaterThan(15);
    for (const operation of account) {
      const response = await ask(
        operation,
        pathWith(operation, (kind) => mine[kind]),
      );
      expect(response.status, operation.operationId).toBe(403);
      const { type, detail } = await problemOf(response);
      expect(type, operation.operationId).toBe('urn:nexos:problem:forbidden');
      expect(detail, operation.operationId).toContain('Use a key without project_ids');
      expect(tablesWritten(before, await printer.print()), operation.operationId).toEqual([]);
    }
  });

  it('reads everything of its own projects', async () => {
    for (const operation of ofProjects().filter(({ method }) => method === 'GET')) {
      const response = await ask(
        operation,
        pathWith(operation, (kind) => mine[kind]),
      );
      expect(response.status, operation.operationId).toBe(200);
    }
  });

  it('sees nothing of other projects in the lists that it may read', async () => {
    const visible = mine.proj ?? '';
    for (const operation of protectedOnes().filter(({ operationId }) => ACCEPTED.includes(operationId))) {
      const response = await ask(operation, operation.path);
      expect(response.status, operation.operationId).toBe(200);
      const text = await response.text();
      expect(text, operation.operationId).toContain(visible);
      const shared = [mine.delivery, others.delivery, others.user];
      for (const id of Object.values(others).filter((one) => !shared.includes(one))) {
        expect(text, operation.operationId).not.toContain(id);
      }
    }
    const everything = { accept: 'application/x-ndjson' };
    const exported = await eventually('the export to have its project', async () => {
      const text = await (await limited.request('GET', '/audit', undefined, everything)).text();
      return text.includes(visible) ? text : undefined;
    });
    expect(exported).not.toContain(others.proj);
    expect(await limited.get(`/audit?project_id=${others.proj ?? ''}`)).toEqual([]);
  });

  it('pages through its projects only', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await createProject(nexos)).id);
    await createProject(nexos);
    const key = await keyFor(ids);
    const first = await key.request('GET', '/projects?limit=2');
    expect(((await first.json()) as { id: string }[]).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const next = /^<\/api(\/projects\?[^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await key.request('GET', next);
    expect(((await second.json()) as { id: string }[]).map(({ id }) => id)).toEqual([ids[0]]);
    expect(second.headers.get('link')).toBeNull();
  });

  it('cannot move its project to another repository, whose code it would read then', async () => {
    const { id, github_repo } = await nexos.api.createProject({ name: 'kept', github_repo: 'acme/kept' });
    const key = await keyFor([id]);
    const printer = await DatabaseSnapshotter.of(nexos.database);
    const before = await printer.print();
    const response = await key.request('PATCH', `/projects/${id}`, {
      github_repo: 'acme/other',
      port: 4_000,
    });
    expect(response.status).toBe(403);
    const { type, detail } = await problemOf(response);
    expect(type).toBe('urn:nexos:problem:forbidden');
    expect(detail).toContain('Use a key without project_ids');
    expect(tablesWritten(before, await printer.print())).toEqual([]);
    expect(await key.get(`/projects/${id}`)).toMatchObject({ github_repo });
  });

  it('changes its own project', async () => {
    const { id, repository } = await createProject(nexos);
    const key = await keyFor([id]);
    expect((await key.request('PATCH', `/projects/${id}`, { port: 4_000 })).status).toBe(200);
    const same = { github_repo: repository.toUpperCase() };
    expect((await key.request('PATCH', `/projects/${id}`, same)).status).toBe(200);
    expect((await key.request('DELETE', `/projects/${id}`)).status).toBe(202);
  });
});

describe('project_ids', () => {
  const create = (project_ids: unknown) =>
    nexos.api.request('POST', '/auth/api-keys', { name: 'k', project_ids });

  it.each([
    [[]],
    [['x']],
    ['proj_x'],
    [null],
    [[`env_${'0'.repeat(26)}`]],
    [Array(2).fill(`proj_${'0'.repeat(26)}`)],
  ])('rejects %j', async (projectIds) => {
    expect(await refusedFields(await create(projectIds))).toEqual(['project_ids']);
  });

  it('rejects projects that do not exist, or belong to another account', async () => {
    const { api } = await anotherAccount(nexos, 'owns a project');
    const foreign = await api.createProject({ name: 'foreign', github_repo: 'acme/foreign' });
    const own = mine.proj ?? '';
    const response = await create([own, foreign.id, `proj_${'0'.repeat(26)}`]);
    expect(await refusedFields(response)).toEqual(['project_ids.1', 'project_ids.2']);
  });
});

describe('the list of keys', () => {
  it('shows the projects of a key, and when, from where and by which program it was used last', async () => {
    const name = 'shown';
    const body = { name, project_ids: [mine.proj] };
    const { key } = await nexos.api.post<{ key: string }>('/auth/api-keys', body);
    const find = async () => {
      const keys = await nexos.api.get<{ name: string; last_used_at: string | null }[]>('/auth/api-keys');
      return keys.find((one) => one.name === name);
    };
    const unused = { last_used_at: null, last_used_address: null, last_used_user_agent: null };
    expect(await find()).toMatchObject({ project_ids: [mine.proj], ...unused });
    const headers = { 'user-agent': `test/1 ${'x'.repeat(500)}` };
    expect(
      (await new ApiClient(nexos.api.baseUrl, key).request('GET', '/auth/me', undefined, headers)).status,
    ).toBe(200);
    const used = await eventually('the use of the key', async () => {
      const found = await find();
      return found?.last_used_at === null ? undefined : found;
    });
    expect(used).toMatchObject({
      last_used_address: '127.0.0.1',
      last_used_user_agent: `test/1 ${'x'.repeat(500)}`.slice(0, 200),
    });
  });
});
