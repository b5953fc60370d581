import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery, ProjectDelivery } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT, pushPayload } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, ISO, problemOf, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const NOW = Math.floor(Date.now() / 1000);
const step = (repository: string, number: number) => ({
  repository,
  branch: 'main',
  before: number === 1 ? NO_COMMIT : commit(number - 1),
  after: commit(number),
  pushedAt: NOW + number,
});
const pushes = async (repository: string, ...numbers: number[]) => {
  const ids: string[] = [];
  for (const number of numbers) ids.push((await nexos.webhooks.push(step(repository, number))).delivery);
  return ids;
};
/** Inserts a delivery that nothing processes. */
async function waiting(repository: string): Promise<string> {
  const id = randomUUID();
  await nexos.database.query(
    `INSERT INTO webhook_deliveries (id, event, repository, repository_key, outcome, retry_at)
     VALUES ($1, 'push', $2, lower($2), 'accepted', now() + interval '1 hour')`,
    [id, repository],
  );
  return id;
}
const replay = (id: string, body?: unknown) =>
  nexos.api.request('POST', `/webhooks/deliveries/${id}/replay`, body);

describe('GET /projects/{id}/deliveries', () => {
  it('lists deliveries with their outcome and reason, newest first', async () => {
    const { id, repository } = await createProject(nexos);
    const [first, third, second] = await pushes(repository, 1, 3, 2);
    const deployments = await nexos.column<string>(
      'SELECT id FROM deployments WHERE project_id = $1 ORDER BY id',
      [id],
    );
    const common = {
      event: 'push',
      repository,
      branch: 'main',
      attempts: 1,
      received_at: ISO,
      processed_at: ISO,
      replayed_at: null,
    };
    expect(await nexos.api.get<ProjectDelivery[]>(`/projects/${id}/deliveries`)).toEqual([
      {
        ...common,
        id: second,
        commit_sha: commit(2),
        outcome: 'ignored',
        reason: 'older',
        deployment_id: null,
      },
      {
        ...common,
        id: third,
        commit_sha: commit(3),
        outcome: 'deployed',
        reason: null,
        deployment_id: deployments[1],
      },
      {
        ...common,
        id: first,
        commit_sha: commit(1),
        outcome: 'deployed',
        reason: null,
        deployment_id: deployments[0],
      },
    ]);
  });

  it('lists waiting deliveries and those of deleted branches', async () => {
    const { id, repository } = await createProject(nexos);
    await pushes(repository, 1);
    await nexos.webhooks.push({ ...step(repository, 2), after: NO_COMMIT });
    const last = await waiting(repository.toUpperCase());
    expect(await nexos.api.get<ProjectDelivery[]>(`/projects/${id}/deliveries`)).toMatchObject([
      { id: last, outcome: 'accepted', processed_at: null, attempts: 0, deployment_id: null },
      { outcome: 'destroyed', commit_sha: null, deployment_id: null },
      { outcome: 'deployed' },
    ]);
  });

  it('is paged', async () => {
    const { id, repository } = await createProject(nexos);
    const ids = await pushes(repository, 1, 2, 3, 4, 5);
    const seen: string[] = [];
    let path: string | undefined = `/projects/${id}/deliveries?limit=2`;
    let pages = 0;
    while (path !== undefined) {
      const response = await nexos.api.request('GET', path);
      seen.push(...((await response.json()) as ProjectDelivery[]).map((delivery) => delivery.id));
      path = /<\/api([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      pages++;
    }
    expect(seen).toEqual([...ids].reverse());
    expect(pages).toBe(3);
    const refused = await nexos.api.request('GET', `/projects/${id}/deliveries?cursor=${id}`);
    expect(await refusedFields(refused)).toEqual(['cursor']);
  });

  it('lists only the deliveries of the project, with its own outcome', async () => {
    const { id, repository } = await createProject(nexos);
    const { api } = await anotherAccount(nexos, 'the same repository');
    const theirs = await api.post<{ id: string }>('/projects', {
      name: 'theirs',
      github_repo: repository,
      auto_deploy: false,
    });
    const [delivery] = await pushes(repository, 1);
    expect(await nexos.api.get(`/projects/${id}/deliveries`)).toMatchObject([
      { id: delivery, outcome: 'deployed', reason: null },
    ]);
    const seen = await api.get<ProjectDelivery[]>(`/projects/${theirs.id}/deliveries`);
    expect(seen).toMatchObject([
      { id: delivery, outcome: 'ignored', reason: 'auto_deploy_off', deployment_id: null },
    ]);
    expect(JSON.stringify(seen)).not.toContain(id);
    expect((await api.request('GET', `/projects/${id}/deliveries`)).status).toBe(404);
    expect(await nexos.api.get(`/webhooks/deliveries/${delivery ?? ''}`)).toMatchObject({
      outcome: 'deployed,ignored',
      reason: 'auto_deploy_off',
      projects: expect.arrayContaining([
        expect.objectContaining({ project_id: id, outcome: 'deployed' }),
        expect.objectContaining({ project_id: theirs.id, outcome: 'ignored' }),
      ]) as unknown,
    });
  });
});

describe('a delivery of an event that Nexos does not act on', () => {
  it('is ignored at once, listed for the projects of its repository, and stored without its body', async () => {
    const { id, repository } = await createProject(nexos);
    const payload = { action: 'created', repository: { full_name: repository } };
    const { delivery } = await nexos.webhooks.receive('star', payload);
    expect(await nexos.api.get<ProjectDelivery[]>(`/projects/${id}/deliveries`)).toMatchObject([
      { id: delivery, event: 'star', outcome: 'ignored', reason: 'event', processed_at: ISO },
    ]);
    expect(await nexos.column('SELECT body FROM webhook_deliveries WHERE id = $1', [delivery])).toEqual([
      null,
    ]);
  });
});

describe('GET /webhooks/deliveries', () => {
  it('lists all deliveries for an operator, including those of no project', async () => {
    const [delivery] = await pushes('nobody/names-it', 1);
    const [first] = await nexos.api.get<Delivery[]>('/webhooks/deliveries?limit=1');
    expect(first).toEqual({
      id: delivery,
      event: 'push',
      repository: 'nobody/names-it',
      branch: 'main',
      commit_sha: commit(1),
      outcome: 'ignored',
      reason: 'no_project',
      error: null,
      attempts: 1,
      received_at: ISO,
      processed_at: ISO,
      replayed_at: null,
      replayed_by: null,
      projects: [],
    });
  });

  it('filters deliveries by repository, and by any of their outcomes', async () => {
    const { id, repository } = await createProject(nexos);
    await createProject(nexos, { github_repo: repository, auto_deploy: false });
    const [first, third, second] = await pushes(repository, 1, 3, 2);
    const waits = await waiting(repository);
    const listed = async (query: string) =>
      (await nexos.api.get<Delivery[]>(`/webhooks/deliveries?${query}`)).map((delivery) => delivery.id);
    const mine = `repository=${repository.toUpperCase()}`;
    expect(await listed(mine)).toEqual([waits, second, third, first]);
    expect(await listed(`${mine}&outcome=deployed`)).toEqual([third, first]);
    expect(await listed(`${mine}&outcome=ignored`)).toEqual([second, third, first]);
    expect(await listed(`${mine}&outcome=ignored&cursor=${third ?? ''}`)).toEqual([first]);
    expect(await listed(`${mine}&outcome=accepted`)).toEqual([waits]);
    expect(await listed(`${mine}&outcome=failed`)).toEqual([]);
    expect(await nexos.api.get(`/projects/${id}/deliveries?cursor=${third ?? ''}`)).toMatchObject([
      { id: first },
    ]);
    for (const [field, value] of [
      ['outcome', 'none'],
      ['repository', 'acme'],
    ] as const) {
      const refused = await nexos.api.request('GET', `/webhooks/deliveries?${field}=${value}`);
      expect(await refusedFields(refused)).toEqual([field]);
    }
  });

  it('hides deliveries from other accounts: an empty list, and 404 for each', async () => {
    const [delivery] = await pushes('nobody/names-this', 1);
    const { api } = await anotherAccount(nexos, 'no operator');
    expect(await api.get('/webhooks/deliveries')).toEqual([]);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '?wait=1'],
      ['POST', '/replay'],
    ] as const) {
      const response = await api.request(method, `/webhooks/deliveries/${delivery ?? ''}${path}`);
      expect(response.status).toBe(404);
      await problemOf(response);
    }
  });
});

describe('waiting for a delivery', () => {
  it('ends as soon as it is processed', async () => {
    const { repository } = await createProject(nexos);
    const began = Date.now();
    const { delivery } = await nexos.webhooks.receive('push', pushPayload(step(repository, 1)));
    const processed = await nexos.api.get<Delivery>(`/webhooks/deliveries/${delivery}?wait=30`);
    expect(processed).toMatchObject({ outcome: 'deployed' });
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  it('ends after the requested seconds when it is not processed', async () => {
    const id = await waiting('acme/never-processed');
    expect(await nexos.api.get(`/webhooks/deliveries/${id}?wait=1`)).toMatchObject({ outcome: 'accepted' });
    const tooLong = await nexos.api.request('GET', `/webhooks/deliveries/${id}?wait=61`);
    expect(await refusedFields(tooLong)).toEqual(['wait']);
  });
});

describe('a replay', () => {
  it('processes a delivery again, and respects the order unless it is forced', async () => {
    const { id, repository } = await createProject(nexos);
    const [first = ''] = await pushes(repository, 1, 2);
    const accepted = await replay(first);
    expect(accepted.status).toBe(202);
    expect(await accepted.json()).toMatchObject({ id: first, outcome: 'accepted', processed_at: null });
    expect(await nexos.api.waitForDelivery(first)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect((await replay(first, { force: true })).status).toBe(202);
    expect(await nexos.api.waitForDelivery(first)).toMatchObject({ outcome: 'deployed', reason: null });
    const commits = `SELECT right(commit_sha, 1) FROM deployments WHERE project_id = $1 ORDER BY id`;
    expect(await nexos.column(commits, [id])).toEqual(['1', '2', '1']);
  });

  it('is accepted again while the delivery waits', async () => {
    const { repository } = await createProject(nexos);
    const [delivery = ''] = await pushes(repository, 1);
    const answers = await Promise.all([replay(delivery), replay(delivery)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await nexos.api.waitForDelivery(delivery);
  });

  it('is a 409 with the reason when the body is gone, or when Nexos does not act on the event', async () => {
    const [gone = ''] = await pushes('nobody/any-more', 1);
    await nexos.database.query('UPDATE webhook_deliveries SET body = NULL WHERE id = $1', [gone]);
    const response = await replay(gone);
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toContain('7 days');
    const { delivery } = await nexos.webhooks.deliver('ping', { zen: 'x' });
    expect((await problemOf(await replay(delivery))).detail).toContain('does not act on this event');
  });

  it('rejects a force that is not a boolean, and unknown fields', async () => {
    const [delivery = ''] = await pushes('nobody/refused', 1);
    expect(await refusedFields(await replay(delivery, { force: 'yes' }))).toEqual(['force']);
    expect(await refusedFields(await replay(delivery, { older: true }))).toEqual(['older']);
  });
});
