import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { newId } from '@nexos/domain';
import { AccountEntity, type ProjectEntity } from '@nexos/database';
import { settleDoubt } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { ownerId } from '../../support/github-api/installation-lists.js';
import { installationPayload } from '../../support/github-installations/installation-payload.js';
import { InstallationWorker } from '../../support/github-installations/installation-worker.js';
import { BASE_DOMAIN, deploymentsOf, environmentsOf, jobsAbout, sha } from '../../support/rows.js';

let database: TestDatabase;
let worker: InstallationWorker;
let counter = 0;
let id: number;
let owner: string;
let repository: string;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  worker = await InstallationWorker.start(database);
});
afterAll(async () => {
  await worker.api.stop();
  await database.drop();
});
beforeEach(async () => {
  id = 100 + ++counter;
  owner = `octo-${counter}`;
  repository = `${owner}/app`;
  project = await worker.project({ repository, installationId: id });
});

const installation = (action: string, second: number, more: object = {}) =>
  worker.installation({ id, action, owner, second, repositories: [repository], ...more });
const repositories = (action: string, second: number, names = [repository]) =>
  worker.repositories({ id, action, owner, second, repositories: names });
const push = (second: number, branch = 'main') =>
  worker.inbox.acceptAndDrain({
    repository,
    branch,
    before: sha(second - 1),
    after: sha(second),
    second,
    installationId: id,
  });
const events = () =>
  database.rows<object>(
    `SELECT type, data, actor, reason FROM environment_events
     WHERE project_id = $1 AND type LIKE 'deploys%' ORDER BY seq`,
    [project.id],
  );
const commits = async () => (await deploymentsOf(database, project.id)).map(({ commitSha }) => commitSha);
const isDue = async () => {
  const [row] = await database.rows<{ due: boolean }>(
    'SELECT list_at <= now() AS due FROM github_installations WHERE id = $1',
    [id],
  );
  return row?.due;
};
/** Lets the Git host answer where a branch in doubt is. */
async function settle(tip: string, name = 'main'): Promise<void> {
  const lookups = await database.rows<never>(
    `SELECT id, project_id AS "projectId", name, head_sha AS "headSha", in_doubt_since AS "inDoubtSince"
     FROM branches WHERE project_id = $1 AND name = $2 AND in_doubt_since IS NOT NULL`,
    [project.id, name],
  );
  for (const row of lookups) {
    const { headSha: headWhenAsked } = row as { headSha: string };
    await database.unitOfWork.run((transaction) =>
      settleDoubt(transaction, row, { headWhenAsked, tip }, BASE_DOMAIN),
    );
  }
}

describe('an installation of the GitHub App', () => {
  it('is known with its repositories from its first event on, and belongs to the account that made it', async () => {
    const githubId = 5_000 + counter;
    const accountId = newId('account');
    const user = { id: accountId, name: 'octo', githubId: String(githubId), githubLogin: 'octo' };
    await database.dataSource.manager.insert(AccountEntity, user);
    const names = [repository, `${owner}/docs`];
    expect(await installation('created', 1, { repositories: names, senderId: githubId })).toMatchObject({
      outcome: 'updated',
      repository: null,
      attempts: 1,
    });
    expect(await worker.known(id)).toEqual(names);
    const links = await database.rows<object>(
      'SELECT installation_id FROM account_installations WHERE account_id = $1',
      [accountId],
    );
    expect(links).toEqual([{ installation_id: String(id) }]);
    expect(await worker.stateOf(project)).toMatchObject({ paused: null });
  });

  it('pauses its projects while it is suspended, destroys nothing, and deploys what was missed', async () => {
    await installation('created', 1);
    await push(1);
    await installation('suspend', 2);
    expect(await worker.stateOf(project)).toMatchObject({ paused: 'installation_suspended' });
    expect(await push(2)).toMatchObject({ outcome: 'skipped', reason: 'installation_suspended' });
    expect(await push(2, 'new')).toMatchObject({ outcome: 'skipped', reason: 'installation_suspended' });
    expect(await commits()).toEqual([sha(1)]);
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'pending' }]);

    await installation('unsuspend', 3);
    expect(await worker.stateOf(project)).toMatchObject({ paused: null, installation: String(id) });
    expect(await jobsAbout(database, repository)).toEqual(
      expect.arrayContaining(['look-up-branches', 'check-branches']),
    );
    await settle(sha(2));
    await settle(sha(2), 'new');
    expect(await commits()).toEqual([sha(1), sha(2)]);
    expect(await deploymentsOf(database, project.id, 'new')).toMatchObject([{ commitSha: sha(2) }]);
    expect(await events()).toEqual([
      {
        type: 'deploys_paused',
        data: { from: null, to: 'installation_suspended' },
        actor: 'github',
        reason: 'installation_suspended',
      },
      { type: 'deploys_resumed', data: { from: 'installation_suspended' }, actor: 'github', reason: null },
    ]);
  });

  it('skips a push that waited while it was suspended', async () => {
    await installation('created', 1);
    await push(1);
    await worker.inbox.accept({ repository, before: sha(1), after: sha(2), second: 2 });
    await installation('suspend', 2);
    await worker.inbox.drain(repository);
    expect(await commits()).toEqual([sha(1)]);
  });

  it('still destroys the environment of a deleted branch while it is suspended', async () => {
    await installation('created', 1);
    await push(1);
    await installation('suspend', 2);
    const deleted = { repository, before: sha(1), after: '0'.repeat(40), second: 2 };
    expect(await worker.inbox.acceptAndDrain(deleted)).toMatchObject({ outcome: 'destroyed' });
  });

  it('pauses its projects when it is removed, and another one of the same owner resumes them', async () => {
    await installation('created', 1);
    await push(1);
    await installation('deleted', 1);
    expect(await worker.stateOf(project)).toMatchObject({ paused: 'installation_removed' });
    expect(await worker.known(id)).toEqual([]);
    const again = { id: id + 10_000, action: 'created', owner, second: 9, repositories: [repository] };
    await worker.installation(again);
    expect(await worker.stateOf(project)).toMatchObject({ paused: null, installation: String(id + 10_000) });
  });

  it('does not come back by an event that was sent before it was removed', async () => {
    await installation('created', 1);
    await installation('deleted', 1);
    for (const action of ['created', 'unsuspend', 'new_permissions_accepted']) {
      expect(await installation(action, 5)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    }
    expect(await repositories('added', 6)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await worker.statusOf(id)).toBe('removed');
    expect(await worker.known(id)).toEqual([]);
  });

  it('is in the state of its newest event, in whichever order they arrive', async () => {
    await installation('created', 1);
    await installation('unsuspend', 4);
    expect(await installation('suspend', 3)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await worker.statusOf(id)).toBe('active');
    expect(await isDue()).toBe(true);
    // In one second, the later receipt counts.
    expect(await installation('suspend', 4)).toMatchObject({ outcome: 'updated' });
    expect(await worker.statusOf(id)).toBe('suspended');
  });

  it('does not return to the state of an older event that is replayed, with force too', async () => {
    await installation('created', 1);
    const suspended = await installation('suspend', 2);
    await installation('unsuspend', 2);
    await worker.inbox.replay(suspended.id, true);
    await worker.inbox.drain(`installation ${id}`);
    expect(await worker.inbox.find(suspended.id)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await worker.statusOf(id)).toBe('active');
    expect(await worker.stateOf(project)).toMatchObject({ paused: null });
  });

  it('follows the new login of its owner', async () => {
    await installation('created', 1);
    const payload = {
      action: 'renamed',
      account: { id: ownerId(owner), login: `${owner}-new`, type: 'User' },
      changes: { login: { from: owner } },
      installation: { id, node_id: 'x' },
      target_type: 'User',
      sender: { id: 1, login: 'x' },
    };
    expect(await worker.deliver('installation_target', payload)).toMatchObject({ outcome: 'updated' });
    const rows = await database.rows<object>('SELECT owner_login FROM github_installations WHERE id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ owner_login: `${owner}-new` }]);
    expect(await isDue()).toBe(true);
  });

  it('is not believed through the webhook of a project', async () => {
    const { id: projectId } = await worker.project({ repository: `${owner}/other`, installationId: id });
    await installation('created', 1);
    const payload = installationPayload({ id, action: 'suspend', owner, second: 9 });
    const delivery = { id: randomUUID(), event: 'installation', repository: null, key: `installation ${id}` };
    const scope = { projectId, branch: null, commitSha: null, ignoredReason: null };
    const body = gzipSync(JSON.stringify(payload));
    await worker.inbox.deliveries.accept([{ ...delivery, ...scope, body }]);
    await worker.inbox.drain(`installation ${id}`);
    expect(await worker.inbox.find(delivery.id)).toMatchObject({
      outcome: 'ignored',
      reason: 'other_repository',
    });
    expect(await worker.statusOf(id)).toBe('active');
  });
});
