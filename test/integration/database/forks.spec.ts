import { NO_COMMIT } from '@nexos/domain';
import { actOnEnvironment, BranchChecksRepository } from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import type { PermissionLevel } from '../../support/github-api/repositories.js';
import { API_ACTOR, jobsAbout, sha } from '../../support/rows.js';
import { ForkFixture, MAINTAINER } from './fork-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let fixture: ForkFixture;
beforeEach(async () => {
  fixture = await ForkFixture.create(database);
});
afterEach(() => fixture.api.stop());

const push = (after = sha(9)) =>
  fixture.inbox.acceptAndDrain({
    repository: fixture.project.githubRepo,
    before: NO_COMMIT,
    after,
    second: 1,
  });
const QUEUED = [[sha(1), 'queued']];

describe('a commit of a fork', () => {
  it('is deployed once somebody with write access approves it', async () => {
    expect(await fixture.pullRequest('opened')).toMatchObject({ outcome: 'skipped', reason: 'not_approved' });
    const review = await fixture.review();
    expect(review).toMatchObject({ outcome: 'in-doubt', reason: 'approval', commitSha: sha(1) });
    expect(await fixture.deployments()).toEqual([]);
    await fixture.answer();
    expect(await fixture.deployments()).toEqual(QUEUED);
    expect(await fixture.inbox.find(review.id)).toMatchObject({ outcome: 'deployed', reason: null });
    const [event] = await database.rows<object>(
      `SELECT actor, reason FROM deployment_events WHERE project_id = $1`,
      [fixture.project.id],
    );
    expect(event).toEqual({ actor: 'github:maintainer', reason: 'pull_request_approved' });
    expect(fixture.api.malformed).toEqual([]);
  });

  it.each<[string, PermissionLevel, typeof MAINTAINER]>([
    ['may only read', 'read', MAINTAINER],
    ['has no access', 'none', MAINTAINER],
    ['has a login that is somebody else’s now', 'admin', { ...MAINTAINER, id: 78 }],
  ])('is not deployed when the reviewer %s', async (_, permission, user) => {
    fixture.api.repositories.permit(fixture.project.githubRepo, user, permission);
    await fixture.pullRequest('opened');
    const review = await fixture.review();
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
    expect(await fixture.inbox.find(review.id)).toMatchObject({ outcome: 'ignored', reason: 'not_approved' });
  });

  it('is not deployed when GitHub does not know the reviewer', async () => {
    const review = await fixture.review({ reviewer: { id: 1, login: 'stranger' } });
    await fixture.answer();
    expect(await fixture.inbox.find(review.id)).toMatchObject({ reason: 'not_approved' });
    expect(await fixture.deployments()).toEqual([]);
  });

  it('waits while GitHub is away, and is deployed when it is back', async () => {
    const review = await fixture.review();
    for (const kind of ['502', 'rate limit', 'dropped connection'] as const) {
      fixture.api.failWhen(() => ({ kind, isApplied: false }));
      await database.dataSource.query('UPDATE fork_approvals SET next_at = now()');
      await fixture.answer();
      const [approval] = await database.rows<{ waitMs: number }>(
        `SELECT extract(epoch FROM next_at - now())::float * 1000 AS "waitMs" FROM fork_approvals
         WHERE repository = $1 AND status = 'pending'`,
        [fixture.project.githubRepo],
      );
      expect(approval?.waitMs).toBeGreaterThan(0);
    }
    expect(await fixture.inbox.find(review.id)).toMatchObject({ outcome: 'in-doubt' });
    fixture.api.failWhen(null);
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
    await database.dataSource.query('UPDATE fork_approvals SET next_at = now()');
    await fixture.answer();
    expect(await fixture.deployments()).toEqual(QUEUED);
  });

  it.each([
    ['comments', { state: 'commented' }, 'not_approved'],
    ['requests changes', { state: 'changes_requested' }, 'approval_withdrawn'],
    ['approves an older commit', { reviewed: sha(8) }, 'older'],
  ] as const)('is not deployed when the reviewer %s', async (_, fields, reason) => {
    expect(await fixture.review(fields)).toMatchObject({ outcome: 'ignored', reason });
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
  });

  it('needs an approval of its own after a newer push', async () => {
    await fixture.deploy();
    const moved = { sha: sha(2), second: 3 };
    expect(await fixture.pullRequest('synchronize', moved)).toMatchObject({ reason: 'not_approved' });
    expect(await fixture.deployments()).toEqual(QUEUED);
    await fixture.review({ id: 2, ...moved });
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([
      [sha(1), 'superseded'],
      [sha(2), 'queued'],
    ]);
  });

  it('that was replaced before GitHub answered is not deployed', async () => {
    const review = await fixture.review();
    await fixture.pullRequest('synchronize', { sha: sha(2), second: 3 });
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
    expect(await fixture.inbox.find(review.id)).toMatchObject({ outcome: 'ignored', reason: 'older' });
  });

  it('is deployed once when two maintainers approve it', async () => {
    const other = { id: 5, login: 'other' };
    fixture.api.repositories.permit(fixture.project.githubRepo, other, 'admin');
    await fixture.review();
    await fixture.review({ id: 2, reviewer: other });
    await fixture.answer();
    expect(await fixture.deployments()).toEqual(QUEUED);
  });

  it('is not deployed without the setting, or by what a project’s own webhook tells', async () => {
    const own = fixture.project.id;
    expect(await fixture.pullRequest('opened', {}, own)).toMatchObject({ reason: 'own_webhook' });
    expect(await fixture.review({}, own)).toMatchObject({ reason: 'own_webhook' });
    await fixture.set(`pull_request_forks = 'never'`);
    expect(await fixture.pullRequest('opened')).toMatchObject({ outcome: 'skipped', reason: 'fork' });
    expect(await fixture.review()).toMatchObject({ outcome: 'skipped', reason: 'fork' });
    expect(fixture.api.requests).toEqual([]);
  });

  it('obeys the rules about labels and drafts', async () => {
    await fixture.set(`deploy_on = 'pull_request', pull_request_label = 'preview'`);
    await fixture.review();
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
    expect(await fixture.pullRequest('labeled', { labels: ['preview'], second: 3 })).toMatchObject({
      outcome: 'deployed',
    });
    expect(await fixture.deployments()).toEqual(QUEUED);
  });

  it('of a branch of the repository needs no review', async () => {
    expect(await fixture.review({ isFork: false })).toMatchObject({ outcome: 'ignored', reason: 'no_fork' });
  });
});

describe('an approval that is withdrawn', () => {
  const dismiss = (fields = {}) => fixture.review({ action: 'dismissed', state: 'dismissed', ...fields });

  it('cancels a build that has not begun', async () => {
    await fixture.deploy();
    expect(await dismiss()).toMatchObject({ outcome: 'ignored', reason: 'approval_withdrawn' });
    expect(await fixture.deployments()).toEqual([[sha(1), 'cancelled']]);
  });

  it('leaves a build alone that has begun', async () => {
    await fixture.deploy();
    const [row] = await database.rows<{ id: string }>('SELECT id FROM deployments WHERE project_id = $1', [
      fixture.project.id,
    ]);
    await claimAny(database.unitOfWork, row?.id ?? '');
    await dismiss();
    expect(await fixture.deployments()).toEqual([[sha(1), 'building']]);
  });

  it('does not count when GitHub answers later, or when the approval arrives later', async () => {
    await fixture.review();
    await dismiss();
    await fixture.answer();
    await dismiss({ id: 2 });
    expect(await fixture.review({ id: 2 })).toMatchObject({ reason: 'approval_withdrawn' });
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
  });

  it('was withdrawn by a later review that arrived first', async () => {
    await fixture.pullRequest('opened');
    await fixture.review({ id: 2, state: 'changes_requested' });
    expect(await fixture.review()).toMatchObject({ reason: 'approval_withdrawn' });
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
  });

  it('does not matter while another maintainer approves the commit', async () => {
    const other = { id: 5, login: 'other' };
    fixture.api.repositories.permit(fixture.project.githubRepo, other, 'admin');
    await fixture.deploy();
    await fixture.review({ id: 2, reviewer: other });
    await fixture.answer();
    await dismiss();
    expect(await fixture.deployments()).toEqual(QUEUED);
  });

  it('is withdrawn by a later review that requests changes', async () => {
    await fixture.deploy();
    await fixture.review({ id: 2, state: 'changes_requested' });
    expect(await fixture.deployments()).toEqual([[sha(1), 'cancelled']]);
  });
});

describe('the environment of a fork', () => {
  it('is apart from branches of any name', async () => {
    await push();
    await fixture.deploy();
    const [main] = await fixture.environments('main');
    const [fork] = await fixture.environments();
    expect(fork?.hostname).toMatch(/^pull-5-project-\d+-[0-9a-z]+\./);
    expect(await fixture.deployments('main')).toEqual([[sha(9), 'queued']]);
    await fixture.inbox.acceptAndDrain({
      repository: fixture.project.githubRepo,
      branch: 'pull-5',
      before: NO_COMMIT,
      after: sha(3),
      second: 3,
    });
    const [named] = await fixture.environments('pull-5');
    expect(new Set([main?.hostname, fork?.hostname, named?.hostname]).size).toBe(3);
    await fixture.inbox.acceptAndDrain({
      repository: fixture.project.githubRepo,
      before: sha(9),
      after: NO_COMMIT,
      second: 4,
    });
    expect((await fixture.environments('main'))[0]?.status).toBe('destroying');
    expect(await fixture.deployments()).toEqual(QUEUED);
  });

  it('is destroyed when the pull request is closed, also after forks were turned off', async () => {
    await push();
    await fixture.deploy();
    await fixture.set(`pull_request_forks = 'never'`);
    expect(await fixture.pullRequest('closed', { second: 3 })).toMatchObject({ outcome: 'destroyed' });
    expect((await fixture.environments())[0]?.status).toBe('destroying');
    expect((await fixture.environments('main'))[0]?.status).toBe('pending');
  });

  it('comes back when the pull request is reopened at the approved commit', async () => {
    await fixture.deploy();
    await fixture.pullRequest('closed', { second: 3 });
    expect(await fixture.pullRequest('reopened', { second: 4 })).toMatchObject({ outcome: 'deployed' });
    expect(await fixture.environments()).toHaveLength(2);
  });

  it('is no branch that the hourly check misses', async () => {
    await push();
    await fixture.deploy();
    const checks = database.repository(BranchChecksRepository);
    const live = await checks.liveBranches(fixture.project.repositoryKey, 0);
    expect(live.map(({ name }) => name)).toEqual(['main']);
  });

  it('is rebuilt at its approved commit', async () => {
    await fixture.deploy();
    const [environment] = await fixture.environments();
    await database.dataSource.query('UPDATE deployments SET started_at = now() WHERE project_id = $1', [
      fixture.project.id,
    ]);
    await database.unitOfWork.run((transaction) =>
      actOnEnvironment(transaction, environment?.id ?? '', 'rebuild', API_ACTOR),
    );
    expect((await fixture.deployments()).at(-1)).toEqual([sha(1), 'queued']);
  });

  it('gets no variables of the project, and no Redis', async () => {
    const settings = {
      env: { TOKEN: 'a' },
      build_args: { KEY: 'b' },
      services: { redis: {}, postgres: {} },
      containers: [{ name: 'worker', command: ['run'], env: { SECRET: 'c' } }],
    };
    await database.dataSource.query('UPDATE projects SET settings = $2 WHERE id = $1', [
      fixture.project.id,
      settings,
    ]);
    await fixture.deploy();
    const [row] = await database.rows<{ spec: Record<string, unknown> }>(
      'SELECT spec FROM deployments WHERE project_id = $1',
      [fixture.project.id],
    );
    expect(row?.spec).toMatchObject({ env: {}, build_args: {}, services: { redis: false, postgres: {} } });
    expect(JSON.stringify(row?.spec)).not.toContain('SECRET');
  });
});

it('enqueues one question per approval', async () => {
  await fixture.review();
  const [approval] = await database.rows<{ id: string }>(
    'SELECT id FROM fork_approvals ORDER BY id DESC LIMIT 1',
  );
  expect(await jobsAbout(database, approval?.id ?? '')).toContain('check-approval');
});
