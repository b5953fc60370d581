import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { jobsAbout, sha } from '../../support/rows.js';
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

describe('the comment on a pull request', () => {
  const wanted = () =>
    database.rows<{ branch: string }>(
      `SELECT branch FROM github_reports WHERE kind = 'comment' AND project_id = $1`,
      [fixture.project.id],
    );

  it('is due when a pull request of a branch with an environment is opened', async () => {
    await fixture.set(`deploy_on = 'push', installation_id = 7`);
    await fixture.push();
    expect(await wanted()).toEqual([]);
    await fixture.take('opened');
    expect(await wanted()).toEqual([{ branch: 'feature' }]);
  });

  it('is not due for a fork, a closed pull request or a branch without an environment', async () => {
    await fixture.set(`deploy_on = 'push', installation_id = 7`);
    await fixture.take('opened');
    await fixture.push();
    await fixture.take('opened', { isFork: true, number: 2 });
    await fixture.take('closed', { second: 2 });
    expect(await wanted()).toEqual([]);
  });
});

describe('a branch of a project that deploys pull requests', () => {
  it('is deployed when its pull request is opened, at the commit that the Git host has', async () => {
    expect(await fixture.push()).toMatchObject({ outcome: 'skipped', reason: 'no_pull_request' });
    const opened = await fixture.take('opened');
    expect(opened).toMatchObject({ outcome: 'in-doubt', reason: 'pull_request', branch: 'feature' });
    expect(await fixture.commits()).toEqual([]);
    expect(await jobsAbout(database, fixture.project.repositoryKey)).toContain('look-up-branches');
    await fixture.answer();
    expect(await fixture.commits()).toEqual([sha(1)]);
    expect(await fixture.inbox.find(opened.id)).toMatchObject({ outcome: 'deployed', reason: null });
    expect(await fixture.reasons('deployment')).toEqual(['pull_request']);
  });

  it('is deployed at its newest commit when the event is late', async () => {
    const opened = await fixture.take('opened');
    await fixture.answer(sha(5));
    expect(await fixture.commits()).toEqual([sha(5)]);
    expect(await fixture.inbox.find(opened.id)).toMatchObject({ outcome: 'ignored', reason: 'older' });
  });

  it('is deployed by each later push, and not by the events that GitHub sends with it', async () => {
    await fixture.open();
    expect(await fixture.push({ before: sha(1), after: sha(2), second: 2 })).toMatchObject({
      outcome: 'deployed',
    });
    expect(await fixture.take('synchronize', { sha: sha(2), second: 2 })).toMatchObject({
      outcome: 'ignored',
      reason: 'deploys_already',
    });
    await fixture.answer(sha(2));
    expect(await fixture.commits()).toEqual([sha(1), sha(2)]);
  });

  it('is deployed once when the push arrives before the answer of the Git host', async () => {
    await fixture.take('opened');
    await fixture.push();
    await fixture.answer();
    expect(await fixture.commits()).toEqual([sha(1)]);
  });

  it('is deployed when Nexos learns of its pull request by a push to it', async () => {
    await fixture.push();
    expect(await fixture.take('synchronize')).toMatchObject({ outcome: 'in-doubt' });
    await fixture.answer();
    expect(await fixture.commits()).toEqual([sha(1)]);
  });

  it('is not deployed when the Git host no longer has it', async () => {
    const { id } = await fixture.take('opened');
    await fixture.answer(null);
    expect(await fixture.commits()).toEqual([]);
    expect(await fixture.inbox.find(id)).toMatchObject({ outcome: 'ignored' });
  });

  it('is not deployed when the pull request is closed before the answer', async () => {
    await fixture.push();
    await fixture.take('opened');
    expect(await fixture.take('closed', { second: 1 })).toMatchObject({
      outcome: 'ignored',
      reason: 'no_environment',
    });
    await fixture.answer();
    expect(await fixture.commits()).toEqual([]);
  });

  it.each([
    ['auto_deploy_off', 'auto_deploy = false'],
    ['branch_filter', `branch_exclude = '{feature}'`],
  ])('is not deployed against the settings of the project: %s', async (reason, change) => {
    await fixture.set(change);
    expect(await fixture.take('opened')).toMatchObject({ outcome: 'ignored', reason });
    await fixture.answer();
    expect(await fixture.commits()).toEqual([]);
  });

  it('needs the label, and is deployed by the event that adds it', async () => {
    await fixture.set(`pull_request_label = 'Preview'`);
    await fixture.push();
    expect(await fixture.take('opened')).toMatchObject({ outcome: 'skipped', reason: 'no_label' });
    expect(await fixture.push({ before: sha(1), after: sha(2), second: 2 })).toMatchObject({
      reason: 'no_label',
    });
    expect(await fixture.take('labeled', { labels: ['a', 'preview'], second: 3 })).toMatchObject({
      outcome: 'in-doubt',
    });
    await fixture.answer(sha(2));
    expect(await fixture.commits()).toEqual([sha(2)]);
    expect(await fixture.take('unlabeled', { labels: ['a'], second: 4 })).toMatchObject({
      reason: 'no_label',
    });
    expect(await fixture.environments()).toEqual(['pending']);
    expect(await fixture.push({ before: sha(2), after: sha(3), second: 5 })).toMatchObject({
      outcome: 'skipped',
    });
    await fixture.take('labeled', { labels: ['preview'], second: 6 });
    await fixture.answer(sha(3));
    expect(await fixture.commits()).toEqual([sha(2), sha(3)]);
  });

  it('is not deployed again when the label comes back without a push', async () => {
    await fixture.set(`pull_request_label = 'p'`);
    await fixture.open({ labels: ['p'] });
    await fixture.take('unlabeled', { second: 2 });
    const { id } = await fixture.take('labeled', { labels: ['p'], second: 3 });
    await fixture.answer();
    expect(await fixture.inbox.find(id)).toMatchObject({ outcome: 'ignored', reason: 'same_commit' });
    expect(await fixture.commits()).toEqual([sha(1)]);
  });

  it('waits until a draft is ready, unless drafts are deployed', async () => {
    await fixture.push();
    expect(await fixture.take('opened', { isDraft: true })).toMatchObject({
      outcome: 'skipped',
      reason: 'draft',
    });
    expect(await fixture.take('ready_for_review', { second: 2 })).toMatchObject({ outcome: 'in-doubt' });
    await fixture.answer();
    expect(await fixture.commits()).toEqual([sha(1)]);
    await fixture.take('converted_to_draft', { isDraft: true, second: 3 });
    expect(await fixture.push({ before: sha(1), after: sha(2), second: 4 })).toMatchObject({
      reason: 'draft',
    });
    await fixture.set('pull_request_drafts = true');
    expect(await fixture.push({ before: sha(2), after: sha(3), second: 5 })).toMatchObject({
      outcome: 'deployed',
    });
  });

  it('is not deployed for a push with a skip mark, nor by the events sent with it', async () => {
    await fixture.open();
    expect(
      await fixture.push({ before: sha(1), after: sha(2), second: 2, message: '[skip ci]' }),
    ).toMatchObject({
      reason: 'skip_mark',
    });
    await fixture.take('synchronize', { sha: sha(2), second: 2 });
    await fixture.answer(sha(2));
    expect(await fixture.commits()).toEqual([sha(1)]);
  });
});

describe('a closed pull request', () => {
  it('destroys the environment of its branch', async () => {
    await fixture.open();
    expect(await fixture.take('closed', { second: 2 })).toMatchObject({ outcome: 'destroyed', reason: null });
    expect(await fixture.environments()).toEqual(['destroying']);
    expect((await fixture.reasons('environment')).at(-1)).toBe('pull_request_closed');
    expect(await fixture.push({ before: sha(1), after: sha(2), second: 3 })).toMatchObject({
      outcome: 'skipped',
      reason: 'no_pull_request',
    });
  });

  it('keeps the environment while another pull request of the branch is open', async () => {
    await fixture.open();
    await fixture.take('opened', { number: 2, base: 'release' });
    expect(await fixture.take('closed', { second: 2 })).toMatchObject({
      outcome: 'ignored',
      reason: 'other_pull_request',
    });
    expect(await fixture.environments()).toEqual(['pending']);
    expect(await fixture.take('closed', { number: 2, second: 2 })).toMatchObject({ outcome: 'destroyed' });
  });

  it('gets a new environment when it is reopened', async () => {
    await fixture.open();
    await fixture.take('closed', { second: 2 });
    expect(await fixture.take('reopened', { second: 3 })).toMatchObject({ outcome: 'in-doubt' });
    await fixture.answer();
    expect(await fixture.environments()).toEqual(['destroying', 'pending']);
    expect(await fixture.commits()).toEqual([sha(1), sha(1)]);
  });

  it('destroys nothing in a project that deploys every push', async () => {
    await fixture.set(`deploy_on = 'push'`);
    expect(await fixture.push()).toMatchObject({ outcome: 'deployed' });
    for (const action of ['opened', 'closed']) {
      expect(await fixture.take(action, { second: 2 })).toMatchObject({
        outcome: 'ignored',
        reason: 'deploys_pushes',
      });
    }
    expect(await fixture.environments()).toEqual(['pending']);
  });

  it('is known to a project that is changed to deploy pull requests later', async () => {
    await fixture.set(`deploy_on = 'push'`);
    await fixture.take('opened');
    await fixture.set(`deploy_on = 'pull_request'`);
    expect(await fixture.push()).toMatchObject({ outcome: 'deployed' });
  });
});
