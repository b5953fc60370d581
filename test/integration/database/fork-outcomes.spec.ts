import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { sha } from '../../support/rows.js';
import { ForkFixture } from './fork-fixture.js';

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

describe('the review of a commit', () => {
  it('keeps its outcome until its own answer comes', async () => {
    const first = await fixture.review();
    await fixture.pullRequest('synchronize', { sha: sha(2), second: 3 });
    const second = await fixture.review({ id: 2, sha: sha(2), second: 3 });
    const ask = async (commitSha: string) => {
      await database.dataSource.query(
        `UPDATE fork_approvals SET next_at = now() + CASE commit_sha WHEN $2 THEN interval '0' ELSE interval '1 hour' END
         WHERE repository = $1 AND status = 'pending'`,
        [fixture.project.githubRepo, commitSha],
      );
      await fixture.answer();
    };
    await ask(sha(1));
    expect(await fixture.inbox.find(first.id)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await fixture.inbox.find(second.id)).toMatchObject({ outcome: 'in-doubt', reason: 'approval' });
    await ask(sha(2));
    const deployed = { outcome: 'deployed', deploymentId: expect.stringMatching(/^dep_/) as string };
    expect((await fixture.inbox.find(second.id)).results).toMatchObject([deployed]);
    expect(await fixture.inbox.find(first.id)).toMatchObject({ outcome: 'ignored', reason: 'older' });
  });
});
