import { randomUUID } from 'node:crypto';
import { NO_COMMIT } from '@nexos/domain';
import { BranchEntity, type ProjectEntity } from '@nexos/database';
import { settleDoubt } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { type PushFields, Inbox } from '../../support/inbox.js';
import { insertProject, BASE_DOMAIN, deploymentsOf, sha } from '../../support/rows.js';

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

let project: ProjectEntity;
/** Delivery id of a push that leaves its branch, which is at `sha(1)`, in doubt. */
let doubtful: string;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  doubtful = randomUUID();
  await take({ before: NO_COMMIT, after: sha(1), second: 1 });
  await take({ id: doubtful, before: sha(8), after: sha(9), second: 1 });
  expect(await inbox.find(doubtful)).toMatchObject({ outcome: 'in-doubt', reason: 'order_unknown' });
});
const take = (given: Partial<PushFields>) =>
  inbox.acceptAndDrain({ repository: project.githubRepo, ...given });
const settle = async (tip: string | null, { id } = project) => {
  const asked = await database.dataSource.manager.findOneByOrFail(BranchEntity, { projectId: id });
  await database.unitOfWork.run((transaction) =>
    settleDoubt(transaction, asked, { headWhenAsked: asked.headSha, tip }, BASE_DOMAIN),
  );
};
const lastDeployment = async () => (await deploymentsOf(database, project.id)).at(-1)?.id ?? null;

describe('a delivery that left its branch in doubt', () => {
  it('marks a doubtful delivery as deployed when the Git host has the branch at its commit', async () => {
    await settle(sha(9));
    const deploymentId = await lastDeployment();
    expect(await inbox.find(doubtful)).toMatchObject({
      outcome: 'deployed',
      reason: null,
      results: [{ outcome: 'deployed', reason: null, deploymentId }],
    });
  });

  it('marks a doubtful delivery as older when the Git host has the branch at another commit', async () => {
    await settle(sha(7));
    expect(await inbox.find(doubtful)).toMatchObject({
      outcome: 'ignored',
      reason: 'older',
      results: [{ outcome: 'ignored', reason: 'older', deploymentId: null }],
    });
  });

  it('marks a doubtful delivery as older when the Git host has the branch at its known head', async () => {
    await settle(sha(1));
    expect(await inbox.find(doubtful)).toMatchObject({ outcome: 'ignored', reason: 'older' });
  });

  it('records the outcome of following the branch, such as auto-deploy being off', async () => {
    await database.dataSource.query('UPDATE projects SET auto_deploy = false WHERE id = $1', [project.id]);
    await settle(sha(9));
    expect(await inbox.find(doubtful)).toMatchObject({ outcome: 'ignored', reason: 'auto_deploy_off' });
  });

  it('marks a doubtful deletion as destroyed when the Git host no longer has the branch', async () => {
    const deletion = randomUUID();
    await take({ before: sha(1), after: sha(2), second: 2 });
    expect(await take({ id: deletion, before: sha(8), after: NO_COMMIT, second: 2 })).toMatchObject({
      outcome: 'in-doubt',
      commitSha: null,
    });
    await settle(null);
    expect(await inbox.find(deletion)).toMatchObject({ outcome: 'destroyed', reason: null });
    expect(await inbox.find(doubtful)).toMatchObject({ outcome: 'ignored', reason: 'older' });
  });

  it('keeps a shared delivery in doubt until every project of the repository is settled', async () => {
    const other = await insertProject(database.dataSource.manager, { githubRepo: project.githubRepo });
    await take({ before: NO_COMMIT, after: sha(1), second: 1 });
    const shared = randomUUID();
    await take({ id: shared, before: sha(6), after: sha(9), second: 1 });
    const joined = async () => {
      const { outcome, reason } = await inbox.find(shared);
      return [outcome, reason];
    };
    expect(await joined()).toEqual(['in-doubt', 'order_unknown']);
    await settle(sha(9));
    expect(await joined()).toEqual(['deployed,in-doubt', 'order_unknown']);
    await settle(sha(5), other);
    expect(await joined()).toEqual(['deployed,ignored', 'older']);
  });
});
