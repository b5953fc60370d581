import { DueForksRepository, resumeDeploys } from '@nexos/state';
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
  await fixture.set(`paused_reason = 'repository_inaccessible', paused_at = now()`);
});
afterEach(() => fixture.api.stop());

const resume = () => {
  const { id, repositoryKey } = fixture.project;
  return database.unitOfWork.run((transaction) =>
    resumeDeploys(transaction, { id, repositoryKey, pausedReason: 'repository_inaccessible' }, 'system'),
  );
};
const inDoubt = () =>
  database.rows('SELECT 1 FROM branches WHERE project_id = $1 AND in_doubt_since IS NOT NULL', [
    fixture.project.id,
  ]);

describe('a commit of a fork that is approved while deploys are paused', () => {
  it('is deployed once they resume, and only once', async () => {
    await fixture.deploy();
    await fixture.deployDue();
    expect(await fixture.deployments()).toEqual([]);
    const due = database.repository(DueForksRepository);
    expect(await due.findDue(10)).not.toContain(fixture.project.id);
    await resume();
    expect(await due.findDue(10)).toContain(fixture.project.id);
    expect(await inDoubt()).toEqual([]);
    await fixture.deployDue();
    expect(await fixture.deployments()).toEqual([[sha(1), 'queued']]);
    await database.dataSource.query(
      `UPDATE deployments SET status = 'cancelled', finished_at = now() WHERE project_id = $1`,
      [fixture.project.id],
    );
    await fixture.deployDue();
    expect(await fixture.deployments()).toHaveLength(1);
    expect(await due.findDue(10)).not.toContain(fixture.project.id);
    const [event] = await database.rows<object>(
      `SELECT actor, reason FROM deployment_events WHERE project_id = $1 ORDER BY seq LIMIT 1`,
      [fixture.project.id],
    );
    expect(event).toEqual({
      actor: expect.stringMatching(/^github:./) as string,
      reason: 'pull_request_approved',
    });
    const decisions = await database.rows<{ actor: string }>(
      `SELECT actor FROM audit_log WHERE project_id = $1 AND action = 'fork.approve'`,
      [fixture.project.id],
    );
    expect(decisions).toEqual([{ actor: (event as { actor: string }).actor }]);
  });

  it.each([
    ['was replaced by another commit', () => fixture.pullRequest('synchronize', { sha: sha(2), second: 3 })],
    ['was closed', () => fixture.pullRequest('closed', { second: 3 })],
    ['lost its approval', () => fixture.review({ id: 2, state: 'changes_requested', second: 3 })],
  ])('is not deployed when it %s before they resume', async (_, change) => {
    await fixture.deploy();
    await change();
    await resume();
    await fixture.deployDue();
    expect(await fixture.deployments()).toEqual([]);
  });

  it('waits for another pause that began before it was deployed', async () => {
    await fixture.deploy();
    await resume();
    await fixture.set(`paused_reason = 'installation_suspended', paused_at = now()`);
    await fixture.deployDue();
    expect(await fixture.deployments()).toEqual([]);
    await resume();
    await fixture.deployDue();
    expect(await fixture.deployments()).toHaveLength(1);
  });
});
