import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT, deletePayload, pushPayload } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const NOW = Math.floor(Date.now() / 1000);
/** The push that moves the branch to commit `number`, `number` seconds after NOW. */
const step = (repository: string, number: number) => ({
  repository,
  branch: 'main',
  before: number === 1 ? NO_COMMIT : commit(number - 1),
  after: commit(number),
  pushedAt: NOW + number,
});
const deploymentsOf = (projectId: string) =>
  nexos.column<string>(
    `SELECT right(commit_sha, 2) || ' ' || status FROM deployments WHERE project_id = $1 ORDER BY id`,
    [projectId],
  );
const environmentsOf = async (projectId: string) =>
  nexos.api.get<{ branch: string; status: string }[]>(`/projects/${projectId}/environments`);

describe('a delivery', () => {
  it('acts once when it is redelivered, and is reported as a duplicate', async () => {
    const { id, repository } = await createProject(nexos);
    const delivery = randomUUID();
    const payload = pushPayload(step(repository, 1));
    const receive = () => nexos.webhooks.receive('push', payload, { id: delivery });
    expect(await receive()).toEqual({ delivery, outcome: 'accepted' });
    expect(await nexos.api.waitForDelivery(delivery)).toMatchObject({
      outcome: 'deployed',
      reason: null,
      projects: [{ project_id: id, outcome: 'deployed' }],
    });
    expect(await receive()).toEqual({ delivery, outcome: 'duplicate' });
    expect(await deploymentsOf(id)).toEqual(['01 queued']);
  });

  it('acts once when its body is replayed under other ids, before and after a later push', async () => {
    const { id, repository } = await createProject(nexos);
    const payload = pushPayload(step(repository, 1));
    await nexos.webhooks.deliver('push', payload);
    const replay = () => nexos.webhooks.deliver('push', payload, { id: randomUUID() });
    expect(await replay()).toMatchObject({ outcome: 'ignored', reason: 'same_commit' });
    await nexos.webhooks.push(step(repository, 2));
    expect(await replay()).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await deploymentsOf(id)).toEqual(['01 superseded', '02 queued']);
  });

  it('acts once when it arrives ten times concurrently', async () => {
    const { id, repository } = await createProject(nexos);
    const delivery = randomUUID();
    const payload = pushPayload(step(repository, 1));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => nexos.webhooks.receive('push', payload, { id: delivery })),
    );
    const outcomes = answers.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['accepted', ...Array.from({ length: 9 }, () => 'duplicate')]);
    await nexos.api.waitForDelivery(delivery);
    expect(await deploymentsOf(id)).toEqual(['01 queued']);
    expect(await nexos.column('SELECT outcome FROM webhook_deliveries WHERE id = $1', [delivery])).toEqual([
      'deployed',
    ]);
  });

  it('can be redelivered with a corrected body after it was rejected', async () => {
    const { id, repository } = await createProject(nexos);
    const delivery = randomUUID();
    const payload = pushPayload(step(repository, 1));
    const refused = await nexos.webhooks.send('push', { ...payload, after: 7 }, { id: delivery });
    expect(refused.status).toBe(400);
    expect(await nexos.webhooks.push(step(repository, 1), { id: delivery })).toMatchObject({
      outcome: 'deployed',
    });
    expect(await deploymentsOf(id)).toEqual(['01 queued']);
  });

  it('has its job in the queue or the outbox before it is answered, and later its follow-up job', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.receive('push', pushPayload(step(repository, 1)), { id: 'has-its-job' });
    const inbox = await jobsOf('deliveries');
    const state = await nexos.column<string>(
      `SELECT outcome FROM webhook_deliveries WHERE id = 'has-its-job'`,
    );
    // It may have been processed by now.
    if (state[0] === 'accepted') expect(inbox).toContain(repository);
    await nexos.api.waitForDelivery('has-its-job');
    const [deploymentId] = await nexos.column<string>('SELECT id FROM deployments WHERE project_id = $1', [
      id,
    ]);
    expect(await jobsOf('build')).toContain(deploymentId);
  });

  async function jobsOf(queue: 'build' | 'deliveries'): Promise<string> {
    const { Redis } = await import('ioredis');
    const redis = new Redis(nexos.env.REDIS_URL ?? '');
    // The outbox is read first, since jobs move from it to the queue.
    const inOutbox = await nexos.column<string>(`SELECT payload::text FROM outbox`);
    try {
      const jobs = await redis.keys(`${nexos.instance}:${queue}:*`);
      const payloads = await Promise.all(
        jobs.map(async (key) => ((await redis.type(key)) === 'hash' ? redis.hget(key, 'data') : null)),
      );
      return [...payloads, ...inOutbox].join();
    } finally {
      redis.disconnect();
    }
  }
});

describe('a repository of several projects', () => {
  it('is deployed by each of them, in any account and any letter case', async () => {
    const first = await createProject(nexos);
    const second = await createProject(nexos, { github_repo: first.repository.toUpperCase() });
    const { api } = await anotherAccount(nexos, 'a fork of the team');
    const third = await api.post<{ id: string }>('/projects', {
      name: 'theirs',
      github_repo: first.repository,
    });
    expect(await nexos.webhooks.push(step(first.repository, 1))).toMatchObject({
      matched: 3,
      outcome: 'deployed',
    });
    for (const { id } of [first, second, third]) expect(await deploymentsOf(id)).toEqual(['01 queued']);
    const hostnames = await nexos.column<string>(
      `SELECT hostname FROM environments WHERE project_id = ANY($1)`,
      [[first.id, second.id, third.id]],
    );
    expect(new Set(hostnames).size).toBe(3);
  });

  it('has the outcome of a push reported for each of them', async () => {
    const first = await createProject(nexos);
    await nexos.webhooks.push(step(first.repository, 1));
    const second = await createProject(nexos, { github_repo: first.repository });
    expect(await nexos.webhooks.push(step(first.repository, 1))).toMatchObject({
      matched: 2,
      outcome: 'deployed,ignored',
      reason: 'same_commit',
    });
    expect(await deploymentsOf(second.id)).toEqual(['01 queued']);
  });
});

describe('deliveries', () => {
  it('deploy nothing when they arrive late', async () => {
    const { id, repository } = await createProject(nexos);
    const outcomes: string[] = [];
    for (const number of [1, 3, 2]) {
      outcomes.push((await nexos.webhooks.push(step(repository, number))).outcome);
    }
    expect(outcomes).toEqual(['deployed', 'deployed', 'ignored']);
    expect(await deploymentsOf(id)).toEqual(['01 superseded', '03 queued']);
  });

  it('end at the newest of twenty concurrent pushes', async () => {
    const { id, repository } = await createProject(nexos);
    const numbers = Array.from({ length: 20 }, (_, i) => ((i * 7) % 20) + 1);
    const answers = await Promise.all(numbers.map((number) => nexos.webhooks.push(step(repository, number))));
    expect(new Set(answers.map(({ outcome }) => outcome)).has('in-doubt')).toBe(false);
    const deployments = await deploymentsOf(id);
    expect(deployments.filter((deployment) => deployment.endsWith('queued'))).toEqual(['14 queued']);
    expect(await environmentsOf(id)).toHaveLength(1);
  });

  it('destroy nothing when a delete arrives after a newer push', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push(step(repository, 1));
    await nexos.webhooks.push({ ...step(repository, 2), after: NO_COMMIT });
    await nexos.webhooks.push({ ...step(repository, 3), before: NO_COMMIT });
    const late = deletePayload(repository, 'main', new Date((NOW + 2) * 1000));
    expect(await nexos.webhooks.deliver('delete', late)).toMatchObject({
      outcome: 'ignored',
      reason: 'older',
    });
    const environments = await environmentsOf(id);
    expect(environments.map(({ status }) => status).sort()).toEqual(['destroying', 'pending']);
  });

  it('stay in doubt when their order is unknown', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push(step(repository, 1));
    const unknown = { ...step(repository, 1), before: commit(8), after: commit(9) };
    expect(await nexos.webhooks.push(unknown)).toMatchObject({
      outcome: 'in-doubt',
      reason: 'order_unknown',
    });
    expect(await deploymentsOf(id)).toEqual(['01 queued']);
  });

  it('record the GitHub App installation to fetch with', async () => {
    const { id, repository } = await createProject(nexos);
    const payload = { ...pushPayload(step(repository, 1)), installation: { id: 4711, node_id: 'x' } };
    await nexos.webhooks.deliver('push', payload);
    expect(await nexos.column('SELECT installation_id FROM projects WHERE id = $1', [id])).toEqual(['4711']);
  });
});
