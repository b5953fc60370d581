import { forkBranch } from '@nexos/domain';
import { BranchChecksRepository } from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { FAULT_KINDS } from '../../support/github-api/faults.js';
import { ForkFixture, NUMBER } from './fork-fixture.js';

const HOUR = 3_600_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let fixture: ForkFixture;
let pull: { isOpen: boolean; repositoryId: number };
beforeEach(async () => {
  fixture = await ForkFixture.create(database);
  const { githubRepo } = fixture.project;
  for (let number = 1; number <= NUMBER; number++)
    pull = fixture.api.pullRequests.open(githubRepo, 'main', 'stranger/fork');
  await fixture.deploy();
});
afterEach(async () => {
  expect(fixture.api.malformed).toEqual([]);
  await fixture.api.stop();
});

const status = async () => (await fixture.environments()).map((one) => one.status);
const anHourLater = () =>
  database.dataSource.query(
    `UPDATE branches SET missing_since = missing_since - interval '1 hour 1 second' WHERE project_id = $1`,
    [fixture.project.id],
  );
const missing = () =>
  database.rows('SELECT 1 FROM branches WHERE project_id = $1 AND missing_since IS NOT NULL', [
    fixture.project.id,
  ]);

describe('the environment of a fork whose pull request was closed without a webhook', () => {
  it('is destroyed by the second check, an hour after the first, which says why', async () => {
    await fixture.checkClosed();
    expect(await missing()).toEqual([]);
    pull.isOpen = false;
    await fixture.checkClosed();
    await fixture.checkClosed();
    expect(await status()).toEqual(['pending']);
    await anHourLater();
    await fixture.checkClosed();
    expect(await status()).toEqual(['destroying']);
    const events = await database.rows<object>(
      `SELECT event.actor, event.reason FROM environment_events event
       JOIN environments ON environments.id = event.environment_id
       WHERE environments.project_id = $1 AND event.data->>'to' = 'destroying'`,
      [fixture.project.id],
    );
    expect(events).toEqual([{ actor: 'system', reason: 'pull_request_closed' }]);
    await fixture.checkClosed();
    expect(await fixture.pullRequest('closed', { second: 3 })).toMatchObject({ reason: 'no_environment' });
  });

  it('stays when the pull request is open again at the second check', async () => {
    pull.isOpen = false;
    await fixture.checkClosed();
    await anHourLater();
    pull.isOpen = true;
    await fixture.checkClosed();
    pull.isOpen = false;
    await fixture.checkClosed();
    expect(await status()).toEqual(['pending']);
  });

  it('stays when the name is that of another repository, whose pull request of that number was closed', async () => {
    pull.isOpen = false;
    pull.repositoryId += 1;
    await fixture.checkClosed();
    expect(await missing()).toEqual([]);
    pull.repositoryId -= 1;
    await fixture.checkClosed();
    await anHourLater();
    pull.repositoryId += 1;
    await fixture.checkClosed();
    expect(await status()).toEqual(['pending']);
  });

  it('stays when a webhook has told of the pull request since the first check', async () => {
    pull.isOpen = false;
    await fixture.checkClosed();
    await anHourLater();
    await fixture.pullRequest('reopened', { second: 3 });
    await fixture.checkClosed();
    expect(await status()).toEqual(['pending']);
  });

  it.each(FAULT_KINDS.filter((kind) => kind !== 'timeout' && kind !== 'slow body'))(
    'stays while GitHub fails with %s, and goes when it answers',
    async (kind) => {
      pull.isOpen = false;
      await fixture.checkClosed();
      await anHourLater();
      for (const failing of ['/pulls/', '/access_tokens']) {
        // The next check asks with the revoked token and forgets it; the one after it asks for another token.
        fixture.api.installations.revokeTokens();
        fixture.api.failWhen(null);
        await fixture.checkClosed();
        fixture.api.failWhen((request) => (request.includes(failing) ? { kind, isApplied: false } : null));
        const before = fixture.api.requests.length;
        await fixture.checkClosed();
        expect(fixture.api.requests.slice(before)).toContainEqual(expect.stringContaining(failing));
        expect(await status()).toEqual(['pending']);
      }
      fixture.api.failWhen(null);
      await fixture.checkClosed();
      expect(await status()).toEqual(['destroying']);
    },
  );

  it('stays when the App has no access to pull requests, or none to the repository', async () => {
    pull.isOpen = false;
    await fixture.checkClosed();
    await anHourLater();
    fixture.api.installations.revokeTokens();
    fixture.api.installations.grant(7, { contents: 'read' });
    await fixture.checkClosed();
    fixture.api.installations.disconnect(fixture.project.githubRepo);
    await fixture.checkClosed();
    expect(await status()).toEqual(['pending']);
  });

  it('stays in a project that GitHub did not confirm, with whose installation nobody asks', async () => {
    pull.isOpen = false;
    await fixture.set('access_checked_at = NULL');
    const before = fixture.api.requests.length;
    await fixture.checkClosed();
    expect(fixture.api.requests).toHaveLength(before);
    expect(await missing()).toEqual([]);
    await fixture.set('predates_access_checks = true');
    await fixture.checkClosed();
    expect(await missing()).toHaveLength(1);
  });

  it('is checked every hour, also when it is the only one of its repository', async () => {
    const checks = database.repository(BranchChecksRepository);
    const due = () => checks.findDue({ intervalMs: HOUR, sweepMs: HOUR });
    expect(await due()).not.toContain(fixture.project.repositoryKey);
    await database.dataSource.query(
      `UPDATE environments SET created_at = now() - interval '2 hours' WHERE project_id = $1 AND branch = $2`,
      [fixture.project.id, forkBranch(NUMBER)],
    );
    expect(await due()).toContain(fixture.project.repositoryKey);
  });
});
