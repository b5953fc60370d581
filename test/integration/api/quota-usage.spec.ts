import { newId } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, problemOf, refusedFields } from './api-fixture.js';

interface Usage {
  date: string;
  project_id: string;
  builds: number;
  build_seconds: number;
}

let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations'] });
});
afterAll(() => nexos.stop());

const list = (query = '') => nexos.api.get<Usage[]>(`/quota/usage${query}`);
/** Records an ended build of the stack's own account. */
const record = (projectId: string, startedAt: string, seconds: number) =>
  nexos.database.query(
    `INSERT INTO build_runs (deployment_id, attempt, account_id, project_id, started_at, ended_at)
     SELECT $1::text, 1, account_id, id, $3::timestamptz, $3::timestamptz + make_interval(secs => $4::float8)
     FROM projects WHERE id = $2::text`,
    [newId('deployment'), projectId, startedAt, seconds],
  );

describe('GET /quota/usage', () => {
  it('lists the seconds and builds of each day and project, oldest first', async () => {
    const [first, second] = [await createProject(nexos), await createProject(nexos)];
    await record(first.id, '2026-03-01T23:59:30Z', 90);
    await record(first.id, '2026-03-01T10:00:00Z', 30.4);
    await record(second.id, '2026-03-02T10:00:00Z', 5);
    expect(await list('?from=2026-03-01&to=2026-03-31')).toEqual([
      { date: '2026-03-01', project_id: first.id, builds: 2, build_seconds: 60 },
      { date: '2026-03-02', project_id: first.id, builds: 0, build_seconds: 60 },
      { date: '2026-03-02', project_id: second.id, builds: 1, build_seconds: 5 },
    ]);
    expect(await list('?from=2026-03-02&to=2026-03-02')).toHaveLength(2);
    const { api } = await anotherAccount(nexos, 'without builds');
    expect(await api.get('/quota/usage?from=2026-03-01&to=2026-03-31')).toEqual([]);
  });

  it('has pages', async () => {
    const { id } = await createProject(nexos);
    for (const day of ['01', '02', '31']) await record(id, `2026-05-${day}T12:00:00Z`, 60);
    const seen: string[] = [];
    let next: string | undefined = '/quota/usage?from=2026-05-01&to=2026-05-31&limit=2';
    while (next !== undefined) {
      const response: Response = await nexos.api.request('GET', next);
      seen.push(...((await response.json()) as Usage[]).map(({ date }) => date));
      next = /<\/api([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(['2026-05-01', '2026-05-02', '2026-05-31']);
  });

  it('covers the current period by default, and counts in the quota', async () => {
    const before = await nexos.api.get<{ usage: { build_minutes_used: number } }>('/quota');
    expect(before.usage.build_minutes_used).toBe(0);
    const { id } = await createProject(nexos);
    const [now = ''] = await nexos.column<string>(`SELECT date_trunc('month', now(), 'UTC')::text`);
    await record(id, now, 61);
    expect(await list()).toEqual([
      { date: new Date(now).toISOString().slice(0, 10), project_id: id, builds: 1, build_seconds: 61 },
    ]);
    const after = await nexos.api.get<{ usage: { build_minutes_used: number } }>('/quota');
    expect(after.usage.build_minutes_used).toBe(2);
  });

  it('warns from 80 % of the build minutes on', async () => {
    const { api } = await anotherAccount(nexos, 'nearly without minutes');
    const setLimit = (minutes: number) =>
      nexos.database.query(`UPDATE accounts SET limits = $1 WHERE name = 'nearly without minutes'`, [
        JSON.stringify({ build_minutes: minutes }),
      ]);
    const [accountId = ''] = await nexos.column<string>(
      `SELECT id FROM accounts WHERE name = 'nearly without minutes'`,
    );
    await nexos.database.query(
      `INSERT INTO build_usage (account_id, day, project_id, builds, seconds)
       VALUES ($1, (now() AT TIME ZONE 'UTC')::date, 'proj', 1, 60)`,
      [accountId],
    );
    const levels: string[] = [];
    for (const minutes of [2, 1, 0]) {
      await setLimit(minutes);
      levels.push((await api.get<{ build_minutes_level: string }>('/quota')).build_minutes_level);
    }
    expect(levels).toEqual(['ok', 'used_up', 'used_up']);
    await nexos.database.query('UPDATE build_usage SET seconds = 48 WHERE account_id = $1', [accountId]);
    await setLimit(1);
    expect(await api.get('/quota')).toMatchObject({ build_minutes_level: 'nearly_used_up' });
  });

  it.each([
    ['from=2026-02-30', ['from']],
    ['to=yesterday', ['to']],
    ['from=2026-1-1&to=', ['from', 'to']],
    ['from=0000-01-01', ['from']],
    ['from=2026-03-02&to=2026-03-01', ['to']],
    ['cursor=2026-02-30.proj_01jz8x6t3n5v7w9y1a2b3c4d5e', ['cursor']],
    ['cursor=2026-03-01.dep_01jz8x6t3n5v7w9y1a2b3c4d5e', ['cursor']],
    ['cursor=2026-03-01', ['cursor']],
    ['limit=0', ['limit']],
    ['days=3', ['days']],
  ])('refuses ?%s', async (query, fields) => {
    expect(await refusedFields(await nexos.api.request('GET', `/quota/usage?${query}`))).toEqual(fields);
  });
});

describe('used up build minutes', () => {
  it('refuse a rebuild with 403, and fail the deployment of a push', async () => {
    const { id, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(id);
    const setLimits = (limits: object) =>
      nexos.database.query(
        `UPDATE accounts SET limits = $2 WHERE id = (SELECT account_id FROM projects WHERE id = $1)`,
        [id, JSON.stringify(limits)],
      );
    await setLimits({ build_minutes: 0 });
    try {
      const response = await nexos.api.request('POST', `/environments/${environment.id}/rebuild`);
      expect(response.status).toBe(403);
      expect(await problemOf(response)).toMatchObject({
        type: 'urn:nexos:problem:quota-exceeded',
        detail: expect.stringContaining('The quota allows 0 build minutes') as string,
        resource: 'build_minutes',
        limit: 0,
        request: 1,
      });
      const sha = commit(2);
      await nexos.webhooks.push({ repository, branch: 'main', before: commit(1), after: sha });
      expect(await nexos.api.waitForDeployment(environment.id, sha)).toMatchObject({
        status: 'failed',
        failure: { code: 'quota_exceeded' },
        started_at: null,
      });
    } finally {
      await setLimits({});
    }
  });
});
