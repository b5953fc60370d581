import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

interface Project extends Record<string, unknown> {
  id: string;
  slug: string;
  updated_at: string;
}
const patch = (id: string, body: unknown) => nexos.api.request('PATCH', `/projects/${id}`, body);
const remove = (id: string) => nexos.api.request('DELETE', `/projects/${id}`);
const push = (repository: string, branch: string, number = 1) =>
  nexos.webhooks.push({
    repository,
    branch,
    before: number === 1 ? NO_COMMIT : commit(number - 1),
    after: commit(number),
    pushedAt: Math.floor(Date.now() / 1000) + number,
  });

describe('PATCH /projects/{id}', () => {
  it('changes only the given fields, and never the slug', async () => {
    const { id, slug } = await createProject(nexos, { services: { postgres: true } });
    const before = await nexos.api.get<Project>(`/projects/${id}`);
    const change = {
      name: 'Another name',
      dockerfile: 'b/Dockerfile',
      build_context: 'b',
      services: { redis: true },
      port: 8080,
      health_check_path: '/up',
      cpu: 2,
      memory_mb: 64,
      build_timeout_seconds: 20,
      auto_deploy: false,
      branch_filter: { include: ['main', 'release/**'] },
      expires_after_days: 14,
    };
    const response = await patch(id, change);
    expect(response.status).toBe(200);
    const after = (await response.json()) as Project;
    expect(after).toEqual({
      ...before,
      ...change,
      slug,
      services: { postgres: true, redis: true, s3: false },
      branch_filter: { include: ['main', 'release/**'], exclude: [] },
      updated_at: after.updated_at,
    });
    expect(after.updated_at > before.updated_at).toBe(true);
    expect(await nexos.api.get(`/projects/${id}`)).toEqual(after);
    expect(await (await patch(id, {})).json()).toEqual(after);
  });

  it('turns the expiry of environments on, and off again with null', async () => {
    const { id } = await createProject(nexos, { expires_after_days: 365 });
    expect(await nexos.api.get(`/projects/${id}`)).toMatchObject({ expires_after_days: 365 });
    expect(await (await patch(id, { expires_after_days: 1 })).json()).toMatchObject({
      expires_after_days: 1,
    });
    expect(await (await patch(id, { port: 80 })).json()).toMatchObject({ expires_after_days: 1 });
    expect(await (await patch(id, { expires_after_days: null })).json()).toMatchObject({
      expires_after_days: null,
    });
    expect(await createProject(nexos, { expires_after_days: null })).toMatchObject({
      expires_after_days: null,
    });
  });

  it('does not change a queued deployment', async () => {
    const { id, repository } = await createProject(nexos, { port: 4000 });
    await push(repository, 'main');
    await patch(id, { port: 5000 });
    const spec = () =>
      nexos.column<string>(`SELECT spec->>'port' FROM deployments WHERE project_id = $1 ORDER BY id`, [id]);
    expect(await spec()).toEqual(['4000']);
    await push(repository, 'main', 2);
    expect(await spec()).toEqual(['4000', '5000']);
  });

  it('forgets the branches of the old repository when the repository changes', async () => {
    const { id, repository } = await createProject(nexos);
    await push(repository, 'main', 5);
    await patch(id, { github_repo: 'Acme/Moved' });
    expect(await push(repository, 'main', 6)).toMatchObject({ matched: 0 });
    expect(await push('acme/moved', 'main')).toMatchObject({ matched: 1, outcome: 'deployed' });
  });

  it('cancels queued deployments when the repository changes, but not when it is only spelled differently', async () => {
    const { id, repository } = await createProject(nexos);
    await push(repository, 'main', 5);
    const statuses = () => nexos.column('SELECT status FROM deployments WHERE project_id = $1', [id]);
    await patch(id, { github_repo: repository.toUpperCase() });
    expect(await statuses()).toEqual(['queued']);
    await patch(id, { github_repo: 'acme/moved-on' });
    expect(await statuses()).toEqual(['cancelled']);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a blank name', { name: ' ' }, ['name']],
    ['an invalid repository', { github_repo: 'x' }, ['github_repo']],
    ['a null port', { port: null }, ['port']],
    ['a slug', { slug: 'x' }, ['slug']],
    ['a status', { status: 'deleted', account_id: 'user_x' }, ['account_id', 'status']],
    ['a path traversal', { dockerfile: '../x' }, ['dockerfile']],
    ['a health path of another host', { health_check_path: '//evil' }, ['health_check_path']],
    ['a health path traversal', { health_check_path: '/a/../b?c' }, ['health_check_path']],
    ['a health path that ends in dots', { health_check_path: '/..' }, ['health_check_path']],
    ['a switch that is not a boolean', { auto_deploy: 'yes' }, ['auto_deploy']],
    ['a filter that is a list', { branch_filter: [] }, ['branch_filter']],
    ['an empty glob', { branch_filter: { include: [''] } }, ['branch_filter.include']],
    ['a glob that no branch can match', { branch_filter: { include: ['a..b'] } }, ['branch_filter.include']],
    ['a glob with NUL', { branch_filter: { exclude: ['a\0'] } }, ['branch_filter.exclude.0']],
    ['a glob that is too long', { branch_filter: { exclude: ['x'.repeat(256)] } }, ['branch_filter.exclude']],
    ['globs that are not text', { branch_filter: { include: [1] } }, ['branch_filter.include']],
    ['too many globs', { branch_filter: { include: Array(51).fill('a') } }, ['branch_filter.include']],
    ['zero days', { expires_after_days: 0 }, ['expires_after_days']],
    ['more days than a year has', { expires_after_days: 366 }, ['expires_after_days']],
    ['half a day', { expires_after_days: 0.5 }, ['expires_after_days']],
    ['days as text', { expires_after_days: '7' }, ['expires_after_days']],
    ['an unknown filter', { branch_filter: { only: ['a'] } }, ['branch_filter.only']],
  ])('rejects %s', async (_, change, fields) => {
    const { id } = await createProject(nexos);
    const before = await nexos.api.get(`/projects/${id}`);
    expect(await refusedFields(await patch(id, change))).toEqual(fields);
    expect(await nexos.api.get(`/projects/${id}`)).toEqual(before);
  });
});

describe('a push', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['deploys any branch by default', {}, 'feature/x', 'deployed'],
    ['deploys nothing when auto_deploy is off', { auto_deploy: false }, 'main', 'ignored'],
    ['deploys an included branch', { branch_filter: { include: ['rel/*'] } }, 'rel/1', 'deployed'],
    ['does not deploy a branch not included', { branch_filter: { include: ['rel/*'] } }, 'main', 'ignored'],
    [
      'does not deploy an excluded branch',
      { branch_filter: { exclude: ['dependabot/**'] } },
      'dependabot/npm/x',
      'ignored',
    ],
  ])('%s', async (_, settings, branch, outcome) => {
    const { id, repository } = await createProject(nexos, settings);
    expect(await push(repository, branch)).toMatchObject({ matched: 1, outcome });
    const environments = await nexos.api.get<unknown[]>(`/projects/${id}/environments`);
    expect(environments).toHaveLength(outcome === 'deployed' ? 1 : 0);
  });

  it('records the commit of a branch it does not deploy, for later deployments', async () => {
    const { id, repository } = await createProject(nexos, { auto_deploy: false });
    await push(repository, 'main', 3);
    const deployment = await nexos.api.post(`/projects/${id}/deployments`, { branch: 'main' });
    expect(deployment).toMatchObject({ commit_sha: commit(3), trigger: 'api' });
  });

  it('destroys the environment of a deleted branch even if the filter excludes it', async () => {
    const { id, repository } = await createProject(nexos);
    await push(repository, 'main', 1);
    await patch(id, { auto_deploy: false });
    await nexos.webhooks.push({
      repository,
      branch: 'main',
      before: commit(1),
      after: NO_COMMIT,
      pushedAt: Math.floor(Date.now() / 1000) + 9,
    });
    expect(await nexos.api.get<Environment[]>(`/projects/${id}/environments`)).toMatchObject([
      { status: 'destroying' },
    ]);
  });
});

describe('DELETE /projects/{id}', () => {
  it('deletes a project without environments at once', async () => {
    const { id, slug } = await createProject(nexos);
    const response = await remove(id);
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ id, status: 'deleting' });
    for (const gone of [await nexos.api.request('GET', `/projects/${id}`), await remove(id)]) {
      expect(gone.status).toBe(404);
      await problemOf(gone);
    }
    const ids = (await nexos.api.get<Project[]>('/projects?limit=100')).map((project) => project.id);
    expect(ids).not.toContain(id);
    expect(await nexos.api.post('/projects', { name: slug, github_repo: 'acme/again' })).toMatchObject({
      slug,
    });
  });

  it('destroys the environments first, and shows the project as deleting meanwhile', async () => {
    const { id, repository } = await createProject(nexos);
    await push(repository, 'main');
    await push(repository, 'other');
    for (let i = 0; i < 2; i++) {
      const response = await remove(id);
      expect(response.status).toBe(202);
      expect(await response.json()).toMatchObject({ status: 'deleting' });
    }
    expect(await nexos.api.get(`/projects/${id}`)).toMatchObject({ status: 'deleting' });
    const environments = await nexos.api.get<Environment[]>(`/projects/${id}/environments`);
    expect(environments.map(({ status }) => status)).toEqual(['destroying', 'destroying']);
    expect(await push(repository, 'main', 2)).toMatchObject({ matched: 0 });
    for (const refused of [
      await patch(id, { port: 80 }),
      await nexos.api.request('POST', `/projects/${id}/deployments`, { branch: 'new' }),
    ]) {
      expect(refused.status).toBe(409);
      await problemOf(refused);
    }
    expect(await nexos.api.get<unknown[]>(`/projects/${id}/environments`)).toHaveLength(2);
  });
});
