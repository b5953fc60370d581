import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment, Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const deploy = (projectId: string, body: unknown) =>
  nexos.api.request('POST', `/projects/${projectId}/deployments`, body);
const cancel = (id: string) => nexos.api.request('POST', `/deployments/${id}/cancel`);
const statusOf = async (id: string) => (await nexos.api.get<Deployment>(`/deployments/${id}`)).status;
const set = (id: string, status: string) =>
  nexos.database.query('UPDATE deployments SET status = $2 WHERE id = $1', [id, status]);

async function pushed(branch = 'main', number = 1) {
  const project = await createProject(nexos);
  const { repository } = project;
  await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(number) });
  return { ...project, environment: await nexos.api.waitForEnvironment(project.id, branch) };
}

describe('POST /projects/{id}/deployments', () => {
  it('queues a deployment of a commit, and creates the environment if it does not exist', async () => {
    const { id } = await createProject(nexos);
    const response = await deploy(id, { branch: 'feature/x', commit_sha: commit(7) });
    expect(response.status).toBe(202);
    const deployment = (await response.json()) as Deployment;
    expect(deployment).toMatchObject({
      project_id: id,
      branch: 'feature/x',
      commit_sha: commit(7),
      trigger: 'api',
      status: 'queued',
    });
    expect(await nexos.api.waitForEnvironment(id, 'feature/x')).toMatchObject({
      id: deployment.environment_id,
      latest_deployment_id: deployment.id,
    });
    const jobs = `SELECT count(*)::integer FROM outbox WHERE payload->>'deploymentId' = $1`;
    expect([0, 1]).toContain((await nexos.column<number>(jobs, [deployment.id]))[0]);
  });

  it('takes the commit from the last push to the branch, or leaves it to the builder', async () => {
    const { id } = await pushed('main', 4);
    expect(await (await deploy(id, { branch: 'main' })).json()).toMatchObject({ commit_sha: commit(4) });
    expect(await (await deploy(id, { branch: 'unknown' })).json()).toMatchObject({
      commit_sha: null,
      status: 'queued',
    });
  });

  it('supersedes the queued deployment of the branch', async () => {
    const { id, environment } = await pushed();
    await deploy(id, { branch: 'main', commit_sha: commit(2) });
    expect(await statusOf(environment.latest_deployment_id ?? '')).toBe('superseded');
  });

  it('asks the Git host for the default branch, and says when it cannot tell', async () => {
    const { id } = await createProject(nexos);
    const response = await deploy(id, {});
    // The Git host of these tests is out of reach, or does not have the repository.
    expect([409, 503]).toContain(response.status);
    expect((await problemOf(response)).detail).toMatch(/Name the branch|could not be read/);
    expect(await nexos.api.get(`/projects/${id}/environments`)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['an empty branch', { branch: '' }, ['branch']],
    ['an invalid branch name', { branch: 'a..b' }, ['branch']],
    ['a branch with NUL', { branch: 'a\0' }, ['branch']],
    ['a branch that is too long', { branch: 'x'.repeat(256) }, ['branch']],
    ['a branch that is not text', { branch: ['main'] }, ['branch']],
    ['an abbreviated commit', { branch: 'main', commit_sha: 'abc123' }, ['commit_sha']],
    ['a commit in capitals', { branch: 'main', commit_sha: 'A'.repeat(40) }, ['commit_sha']],
    ['a null commit', { branch: 'main', commit_sha: null }, ['commit_sha']],
    ['an unknown field', { branch: 'main', trigger: 'push' }, ['trigger']],
  ])('rejects %s', async (_, body, fields) => {
    const { id } = await createProject(nexos);
    expect(await refusedFields(await deploy(id, body))).toEqual(fields);
    expect(await nexos.api.get(`/projects/${id}/environments`)).toEqual([]);
  });
});

describe('a list of deployments', () => {
  it('has the newest first, for a project and an environment, filtered by status and branch', async () => {
    const { id, environment, repository } = await pushed();
    for (let n = 2; n <= 4; n++) {
      await nexos.webhooks.push({ repository, branch: 'main', before: commit(n - 1), after: commit(n) });
    }
    await deploy(id, { branch: 'other', commit_sha: commit(9) });
    const commits = async (path: string) =>
      (await nexos.api.get<Deployment[]>(path)).map(({ commit_sha }) => Number(`0x${commit_sha}`));
    expect(await commits(`/projects/${id}/deployments`)).toEqual([9, 4, 3, 2, 1]);
    expect(await commits(`/environments/${environment.id}/deployments`)).toEqual([4, 3, 2, 1]);
    expect(await commits(`/projects/${id}/deployments?branch=other`)).toEqual([9]);
    expect(await commits(`/projects/${id}/deployments?status=queued`)).toEqual([9, 4]);
    expect(await commits(`/projects/${id}/deployments?status=queued&branch=main`)).toEqual([4]);
    expect(await commits(`/projects/${id}/deployments?branch=nothing`)).toEqual([]);
    const [first] = await nexos.api.get<Deployment[]>(`/projects/${id}/deployments`);
    expect(await nexos.api.get(`/deployments/${first?.id ?? ''}`)).toEqual(first);
  });

  it('is paged by its Link header, which keeps the filters', async () => {
    const { id } = await createProject(nexos);
    for (let n = 1; n <= 3; n++) await deploy(id, { branch: 'b/1', commit_sha: commit(n) });
    const seen: string[] = [];
    for (let path = `/projects/${id}/deployments?branch=b%2F1&limit=2`; path !== '';) {
      const response = await nexos.api.request('GET', path);
      seen.push(...((await response.json()) as Deployment[]).map((one) => String(one.commit_sha)));
      path = (/^<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? '').replace(/^\/api/, '');
    }
    expect(seen).toEqual([commit(3), commit(2), commit(1)]);
  });

  it.each([
    'status=nonsense',
    'status=',
    'branch=',
    `branch=${'x'.repeat(256)}`,
    'branch=%00',
    'status=live&status=failed',
  ])('rejects ?%s', async (query) => {
    const { id } = await createProject(nexos);
    const field = query.split('=')[0] ?? '';
    expect(
      await refusedFields(await nexos.api.request('GET', `/projects/${id}/deployments?${query}`)),
    ).toEqual([field]);
  });
});

describe('POST /deployments/{id}/cancel', () => {
  it.each(['queued', 'building', 'deploying'])('cancels a %s deployment, idempotently', async (status) => {
    const { environment } = await pushed();
    const id = environment.latest_deployment_id ?? '';
    await set(id, status);
    for (let i = 0; i < 2; i++) {
      const response = await cancel(id);
      expect(response.status).toBe(202);
      expect(await response.json()).toMatchObject({
        id,
        status: 'cancelled',
        finished_at: expect.any(String) as string,
      });
    }
    expect(await nexos.api.get<Environment>(`/environments/${environment.id}`)).toMatchObject({
      status: 'failed',
    });
  });

  it.each(['replaced', 'superseded'])('is a 409 for a %s deployment', async (status) => {
    const { environment } = await pushed();
    const id = environment.latest_deployment_id ?? '';
    await set(id, status);
    const response = await cancel(id);
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toContain(status);
    expect(await statusOf(id)).toBe(status);
  });

  it('makes the live version the desired one of the environment again', async () => {
    const { environment, id: projectId } = await pushed();
    const live = environment.latest_deployment_id ?? '';
    await set(live, 'live');
    await nexos.database.query(
      `UPDATE environments SET live_deployment_id = $2, desired_deployment_id = $2, status = 'running' WHERE id = $1`,
      [environment.id, live],
    );
    const next = (await (
      await deploy(projectId, { branch: 'main', commit_sha: commit(2) })
    ).json()) as Deployment;
    await set(next.id, 'deploying');
    await nexos.database.query('UPDATE environments SET desired_deployment_id = $2 WHERE id = $1', [
      environment.id,
      next.id,
    ]);
    expect((await cancel(next.id)).status).toBe(202);
    const [desired] = await nexos.column('SELECT desired_deployment_id FROM environments WHERE id = $1', [
      environment.id,
    ]);
    expect(desired).toBe(live);
    expect(await nexos.api.get(`/environments/${environment.id}`)).toMatchObject({ status: 'running' });
  });

  it('answers ten concurrent requests alike', async () => {
    const { environment } = await pushed();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => cancel(environment.latest_deployment_id ?? '')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
  });
});
