import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { Inbox } from '../../support/inbox.js';
import { repositoryId } from '../../support/nexos/webhook-sender.js';
import { sha } from '../../support/rows.js';
import { PullRequestFixture } from './pull-request-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let fixture: PullRequestFixture;
beforeEach(async () => {
  fixture = await PullRequestFixture.create(database);
});

describe('a pull request of a fork, or of a base branch', () => {
  it('is never built, and never taken for a branch of the repository', async () => {
    await fixture.set(`deploy_on = 'push'`);
    await fixture.push({ branch: 'main' });
    const before = await fixture.environments('main');
    let second = 0;
    for (const rule of ['push', 'pull_request']) {
      await fixture.set(`deploy_on = '${rule}'`);
      for (const action of ['opened', 'labeled', 'synchronize', 'closed']) {
        const fork = { head: 'main', isFork: true, number: 9, second: ++second };
        expect(await fixture.take(action, fork)).toMatchObject({
          outcome: 'skipped',
          reason: 'fork',
          branch: null,
        });
        await fixture.answer();
      }
    }
    expect(await fixture.environments('main')).toEqual(before);
    await fixture.take('opened', { head: 'main', isFork: true, number: 10 });
    expect(await fixture.push({ branch: 'main', before: sha(1), after: sha(2), second: 2 })).toMatchObject({
      outcome: 'skipped',
      reason: 'no_pull_request',
    });
  });

  it('is not built when the repository of its head is gone', async () => {
    expect(await fixture.take('opened', { isFork: true, isGone: true })).toMatchObject({ reason: 'fork' });
  });

  it('is not built for the default branch, whose environment its closing does not destroy', async () => {
    await fixture.set(`deploy_on = 'push'`);
    await fixture.push({ branch: 'main' });
    await fixture.set(`deploy_on = 'pull_request'`);
    for (const [second, action] of ['opened', 'closed'].entries()) {
      expect(await fixture.take(action, { head: 'main', base: 'release', second })).toMatchObject({
        outcome: 'skipped',
        reason: 'base_branch',
      });
    }
    expect(await fixture.environments('main')).toEqual(['pending']);
  });
});

describe("a pull request that a project's own webhook tells", () => {
  it('concerns that project alone', async () => {
    const { githubRepo } = fixture.project;
    const other = await PullRequestFixture.create(database);
    const moved = `github_repo = '${githubRepo}', repository_key = '${githubRepo}', repository_id = NULL`;
    await other.set(moved);
    await fixture.push();
    const told = await fixture.take('opened', {}, other.project.id);
    expect(told.results.map(({ projectId }) => projectId)).toEqual([other.project.id]);
    await fixture.answer();
    expect(await fixture.commits()).toEqual([]);
    expect(await other.commits()).toEqual([sha(1)]);
    await fixture.take('opened');
    await fixture.answer();
    expect(await fixture.commits()).toEqual([sha(1)]);
    await fixture.take('closed', { second: 2 }, other.project.id);
    expect(await fixture.environments()).toEqual(['pending']);
  });
});

describe('the order of deliveries about a pull request', () => {
  it('is that of its changes, not of receipt', async () => {
    await fixture.open();
    await fixture.take('closed', { second: 9 });
    for (const action of ['reopened', 'synchronize', 'labeled']) {
      expect(await fixture.take(action, { second: 5 })).toMatchObject({
        outcome: 'ignored',
        reason: 'older',
      });
    }
    await fixture.answer();
    expect(await fixture.environments()).toEqual(['destroying']);
  });

  it('is that of receipt within a second, also when the first one is replayed', async () => {
    await fixture.push();
    const opened = await fixture.take('opened', { second: 3 });
    await fixture.answer();
    await fixture.take('closed', { second: 3 });
    expect(await fixture.environments()).toEqual(['destroying']);
    expect(await fixture.replay(opened.id)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    await fixture.answer();
    expect(await fixture.environments()).toEqual(['destroying']);
  });

  it('does not deploy again for a replay, unless it is forced and the commit is another', async () => {
    await fixture.push();
    const opened = await fixture.take('opened');
    await fixture.answer();
    expect(await fixture.replay(opened.id)).toMatchObject({ outcome: 'ignored', reason: 'deploys_already' });
    await fixture.replay(opened.id, true);
    await fixture.answer(sha(2));
    expect(await fixture.commits()).toEqual([sha(1), sha(2)]);
  });

  it('holds across several processes', async () => {
    await fixture.push();
    const others = await Promise.all([1, 2, 3].map(() => database.connectAnother()));
    const processes = [fixture.inbox, ...others.map((dataSource) => new Inbox(dataSource))];
    try {
      const events = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 'opened' : 'closed'));
      for (const [second, action] of events.toReversed().entries())
        await fixture.accept(action, { second: 20 - second });
      await Promise.all(processes.map((process) => process.drain(fixture.project.githubRepo)));
      const [row] = await database.rows<object>(
        'SELECT state FROM pull_requests WHERE repository_id = $1 AND number = 1',
        [repositoryId(fixture.project.githubRepo)],
      );
      expect(row).toEqual({ state: 'closed' });
      await fixture.answer();
      expect(await fixture.commits()).toEqual([]);
    } finally {
      await Promise.all(others.map((other) => other.destroy()));
    }
  });

  it('stores nothing for a repository without a project', async () => {
    await database.dataSource.query(`UPDATE projects SET status = 'deleting' WHERE id = $1`, [
      fixture.project.id,
    ]);
    expect(await fixture.take('opened')).toMatchObject({ outcome: 'ignored', reason: 'no_project' });
    expect(
      await database.rows('SELECT 1 FROM pull_requests WHERE repository_id = $1', [
        repositoryId(fixture.project.githubRepo),
      ]),
    ).toEqual([]);
  });
});
