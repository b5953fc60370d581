import { newId } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, Deployment, Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
let other: ApiClient;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  ({ api: other } = await anotherAccount(nexos, 'rolls back'));
});
afterAll(() => nexos.leave());

/** Creates an environment whose versions, one per push, have all been live; the last one still is. */
async function environmentWith({ versions }: { versions: number }) {
  const { repository, id: projectId } = await createProject(nexos);
  const ids: string[] = [];
  for (let number = 1; number <= versions; number++) {
    const before = number === 1 ? NO_COMMIT : commit(number - 1);
    await nexos.webhooks.push({ repository, branch: 'main', before, after: commit(number) });
    const { id, latest_deployment_id: latest } = await nexos.api.waitForEnvironment(projectId);
    ids.push(latest ?? '');
    await goLive(id, latest ?? '', `sha256:${String(number).repeat(64)}`);
  }
  const { id } = await nexos.api.waitForEnvironment(projectId);
  return { id, projectId, repository, ids };
}
/** Makes a deployment live, as workers do. */
async function goLive(environmentId: string, deploymentId: string, imageId?: string): Promise<void> {
  await nexos.database.query(
    `UPDATE deployments SET status = 'replaced', finished_at = now() WHERE environment_id = $1 AND status = 'live'`,
    [environmentId],
  );
  await nexos.database.query(
    `UPDATE deployments SET status = 'live', live_at = now(), image_id = coalesce($2, image_id), image_node_id = 'node'
     WHERE id = $1`,
    [deploymentId, imageId ?? null],
  );
  await nexos.database.query(
    `UPDATE environments SET status = 'running', live_deployment_id = $2, desired_deployment_id = $2 WHERE id = $1`,
    [environmentId, deploymentId],
  );
}
const rollBack = (id: string, body?: object, api: ApiClient = nexos.api) =>
  api.request('POST', `/environments/${id}/rollback`, body);
async function accepted(id: string, body?: object): Promise<Deployment> {
  const response = await rollBack(id, body);
  expect(response.status).toBe(202);
  const { latest_deployment_id: latest } = (await response.json()) as Environment;
  return nexos.api.get<Deployment>(`/deployments/${latest ?? ''}`);
}
const statuses = (id: string) =>
  nexos.column<string>('SELECT status FROM deployments WHERE environment_id = $1 ORDER BY id', [id]);

describe('a rollback', () => {
  it.each([
    ['without a body', undefined],
    ['with an empty body', {}],
  ])('redeploys the commit and image of the previous version, without a build, %s', async (_, body) => {
    const { id, ids } = await environmentWith({ versions: 2 });
    const before = await nexos.api.get<Deployment>(`/deployments/${ids[0] ?? ''}`);
    const response = await rollBack(id, body);
    expect(response.status).toBe(202);
    const environment = (await response.json()) as Environment;
    expect(environment).toMatchObject({ id, status: 'deploying', live_deployment_id: ids[1] });
    const deployment = await nexos.api.get<Deployment>(
      `/deployments/${environment.latest_deployment_id ?? ''}`,
    );
    expect(ids).not.toContain(deployment.id);
    expect(deployment).toEqual({
      ...before,
      id: deployment.id,
      trigger: 'rollback',
      status: 'deploying',
      queued_at: deployment.queued_at,
      started_at: null,
      built_at: null,
      live_at: null,
      finished_at: null,
    });
    const desired = `SELECT desired_deployment_id FROM environments WHERE id = $1`;
    expect(await nexos.column(desired, [id])).toEqual([deployment.id]);
    expect(await statuses(id)).toEqual(['replaced', 'live', 'deploying']);
  });

  it('uses the settings that the version had, not the current ones', async () => {
    const { id, projectId } = await environmentWith({ versions: 2 });
    await nexos.api.request('PATCH', `/projects/${projectId}`, { port: 4321, memory_mb: 64 });
    const { id: deployment } = await accepted(id);
    const spec = 'SELECT spec FROM deployments WHERE id = $1';
    expect(await nexos.column(spec, [deployment])).toMatchObject([{ port: 3000, memory_mb: 512 }]);
  });

  it('redeploys the requested version', async () => {
    const { id, ids } = await environmentWith({ versions: 3 });
    expect(await accepted(id, { deployment_id: ids[0] })).toMatchObject({ commit_sha: commit(1) });
  });

  it('is not repeated while it is under way', async () => {
    const { id, ids } = await environmentWith({ versions: 2 });
    const first = await accepted(id);
    for (const body of [undefined, { deployment_id: ids[0] }]) {
      expect(await accepted(id, body)).toEqual(first);
    }
    expect(await statuses(id)).toHaveLength(3);
  });

  it('returns to the version that was live before an earlier rollback', async () => {
    const { id, ids } = await environmentWith({ versions: 3 });
    const first = await accepted(id);
    expect(first).toMatchObject({ commit_sha: commit(2) });
    await goLive(id, first.id);
    const second = await accepted(id);
    expect(second).toMatchObject({ commit_sha: commit(3) });
    await goLive(id, second.id);
    expect(await accepted(id)).toMatchObject({ commit_sha: commit(2) });
    expect(await accepted(id, { deployment_id: ids[0] })).toMatchObject({ commit_sha: commit(1) });
  });

  it('supersedes queued, building and deploying versions', async () => {
    const { id, repository } = await environmentWith({ versions: 2 });
    const set = (number: number, status: string) =>
      nexos.database.query(
        `UPDATE deployments SET status = $3, lease_until = now() + interval '1 minute'
         WHERE environment_id = $1 AND commit_sha = $2`,
        [id, commit(number), status],
      );
    for (const [number, status] of [
      [3, 'deploying'],
      [4, 'building'],
      [5, 'queued'],
    ] as const) {
      await nexos.webhooks.push({
        repository,
        branch: 'main',
        before: commit(number - 1),
        after: commit(number),
      });
      await set(number, status);
    }
    await accepted(id);
    expect((await statuses(id)).slice(2)).toEqual(['superseded', 'superseded', 'superseded', 'deploying']);
    const pushed = { repository, branch: 'main', before: commit(5), after: commit(6) };
    expect(await nexos.webhooks.push(pushed)).toMatchObject({ outcome: 'deployed' });
    expect((await statuses(id)).slice(-2)).toEqual(['deploying', 'queued']);
  });

  it('leaves a paused environment paused, with that version for when it is resumed', async () => {
    const { id } = await environmentWith({ versions: 2 });
    await nexos.database.query(
      `UPDATE environments SET status = 'paused', desired_state = 'paused' WHERE id = $1`,
      [id],
    );
    const { id: deployment } = await accepted(id);
    expect(await nexos.api.get(`/environments/${id}`)).toMatchObject({ status: 'paused' });
    const desired = `SELECT desired_state || ' ' || desired_deployment_id FROM environments WHERE id = $1`;
    expect(await nexos.column(desired, [id])).toEqual([`paused ${deployment}`]);
  });

  it('creates one deployment for twenty concurrent requests', async () => {
    const { id } = await environmentWith({ versions: 2 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => rollBack(id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await statuses(id)).toEqual(['replaced', 'live', 'deploying']);
  });

  it('leaves only the newest version desired after concurrent pushes and rollbacks', async () => {
    const { id, ids, repository } = await environmentWith({ versions: 3 });
    const pushes = [4, 5].map((number) =>
      nexos.webhooks.push({ repository, branch: 'main', before: commit(number - 1), after: commit(number) }),
    );
    const rollbacks = [ids[0], ids[1], ids[0]].map((one) => rollBack(id, { deployment_id: one }));
    expect((await Promise.all(rollbacks)).map(({ status }) => status)).toEqual([202, 202, 202]);
    await Promise.all(pushes);
    const after = await statuses(id);
    expect(after.filter((status) => status === 'deploying').length).toBeLessThanOrEqual(1);
    expect(after.filter((status) => status === 'queued').length).toBeLessThanOrEqual(1);
    expect(['deploying', 'queued']).toContain(after.at(-1));
    const [latest] = await nexos.column('SELECT latest_deployment_id FROM environments WHERE id = $1', [id]);
    const unfinished = `SELECT id FROM deployments WHERE environment_id = $1 AND status IN ('queued', 'deploying')`;
    expect(await nexos.column(unfinished, [id])).toContain(latest);
  });
});

describe('an impossible rollback', () => {
  async function refusal(id: string, body?: object): Promise<string> {
    const before = await statuses(id);
    const response = await rollBack(id, body);
    expect(response.status).toBe(409);
    const { type, detail } = await problemOf(response);
    expect(type).toBe('urn:nexos:problem:conflict');
    expect(await statuses(id)).toEqual(before);
    return detail;
  }

  it('reports that no version has gone live yet', async () => {
    const { id: projectId, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const { id } = await nexos.api.waitForEnvironment(projectId);
    expect(await refusal(id)).toContain('gone live yet');
  });

  it('reports that no other version was live, or that the version is live already', async () => {
    const { id, ids } = await environmentWith({ versions: 1 });
    expect(await refusal(id)).toContain('No other version was live');
    expect(await refusal(id, { deployment_id: ids[0] })).toContain('already live');
  });

  it('reports that the environment is being destroyed', async () => {
    const { id } = await environmentWith({ versions: 2 });
    await nexos.api.post(`/environments/${id}/destroy`);
    expect(await refusal(id)).toContain('destroyed');
  });

  it.each(['failed', 'cancelled', 'superseded'])('says that a %s version was never live', async (status) => {
    const { id, ids } = await environmentWith({ versions: 2 });
    await nexos.database.query(
      `UPDATE deployments SET status = $2, failure_code = CASE WHEN $2 = 'failed' THEN 'app_exited' END WHERE id = $1`,
      [ids[0], status],
    );
    expect(await refusal(id, { deployment_id: ids[0] })).toContain('never live');
  });

  it.each([
    ['was removed', `UPDATE deployments SET image_removed_at = now() WHERE id = $1`],
    [
      'was lost with its node',
      `WITH version AS (UPDATE deployments SET image_node_id = id WHERE id = $1 RETURNING id)
       INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb,
         engine_version, is_leader, joined_at, removed_at)
       SELECT 'node_of_' || id, id, 'gone', 'worker', 'down', 'active', '10.0.0.9', 2, 2048, '27.0.0', false, now(),
         now() FROM version`,
    ],
  ])('says what to do when the image %s, and skips that version by default', async (_, sql) => {
    const { id, ids } = await environmentWith({ versions: 3 });
    await nexos.database.query(sql, [ids[1]]);
    expect(await refusal(id, { deployment_id: ids[1] })).toContain('Deploy its commit again');
    expect(await accepted(id)).toMatchObject({ commit_sha: commit(1) });
  });
});

describe('the body of a rollback', () => {
  it.each<[unknown, string]>([
    [{ force: true }, 'force'],
    [[], 'body'],
    ['text', 'body'],
    [null, 'body'],
  ])('is rejected as %j', async (body, field) => {
    const { id, ids } = await environmentWith({ versions: 2 });
    const response = await nexos.api.request('POST', `/environments/${id}/rollback`, body);
    expect(await refusedFields(response)).toEqual([field]);
    expect(await statuses(id)).toHaveLength(ids.length);
  });
});

describe('the deployment_id of a rollback', () => {
  it('gets the same 404 whether it is of another environment, of another account or unknown', async () => {
    const mine = await environmentWith({ versions: 2 });
    const sibling = await environmentWith({ versions: 2 });
    const missing = newId('deployment');
    const before = await statuses(mine.id);
    const answers = await Promise.all(
      [sibling.ids[0], missing].map((one) => rollBack(mine.id, { deployment_id: one })),
    );
    const project = await other.createProject({ name: 'theirs', github_repo: 'acme/theirs' });
    const theirs = await other.post<Deployment>(`/projects/${project.id}/deployments`, { branch: 'main' });
    answers.push(await rollBack(mine.id, { deployment_id: theirs.id }));
    answers.push(await rollBack(theirs.environment_id, { deployment_id: mine.ids[0] }, other));
    const problems = [];
    for (const response of answers) {
      expect(response.status).toBe(404);
      problems.push((await problemOf(response)).detail);
    }
    expect(new Set(problems)).toEqual(new Set(['There is no deployment with this id.']));
    expect(await statuses(mine.id)).toEqual(before);
  });

  it.each([[1], [null], ['x'], ['dep_'], [newId('environment')]])('is rejected as %j', async (wrong) => {
    const { id } = await environmentWith({ versions: 2 });
    expect(await refusedFields(await rollBack(id, { deployment_id: wrong }))).toEqual(['deployment_id']);
  });
});

describe('a rollback of a project whose deploys are paused', () => {
  it('is possible, since it needs no repository', async () => {
    const { id, projectId, ids } = await environmentWith({ versions: 2 });
    await nexos.database.query(
      `UPDATE projects SET paused_reason = 'installation_removed', paused_at = now() WHERE id = $1`,
      [projectId],
    );
    expect(await accepted(id, { deployment_id: ids[0] })).toMatchObject({ status: 'deploying' });
  });
});
