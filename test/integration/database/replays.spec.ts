import { randomUUID } from 'node:crypto';
import { RetentionRepository, settleDoubt } from '@nexos/state';
import { BranchEntity, type ProjectEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { type PushFields, Inbox } from '../../support/inbox.js';
import { insertProject, BASE_DOMAIN, deploymentsOf, jobsAbout, sha } from '../../support/rows.js';

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

let project: ProjectEntity;
/** Delivery ids of the first and the second push, which leave the branch at `sha(2)`. */
let ids: [string, string];
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  ids = [randomUUID(), randomUUID()];
  await take({ id: ids[0], before: sha(0), after: sha(1), second: 1 });
  await take({ id: ids[1], before: sha(1), after: sha(2), second: 2 });
});
const take = (given: Partial<PushFields>) =>
  inbox.acceptAndDrain({ repository: project.githubRepo, ...given });
const commits = async () => (await deploymentsOf(database, project.id)).map(({ commitSha }) => commitSha);
const head = async () => {
  const [row] = await database.rows<{ head: string; pushedAt: Date }>(
    `SELECT head_sha AS head, pushed_at AS "pushedAt" FROM branches WHERE project_id = $1`,
    [project.id],
  );
  return row;
};
const replay = async (id: string, force?: boolean) => {
  expect(await inbox.replay(id, force)).toBe(true);
  await inbox.drain(project.githubRepo);
  return inbox.find(id);
};

describe('a replay', () => {
  it('resets a replayed delivery and enqueues a job for it', async () => {
    expect(await inbox.replay(ids[0])).toBe(true);
    expect(await inbox.find(ids[0])).toMatchObject({
      outcome: 'accepted',
      reason: null,
      processedAt: null,
      attempts: 0,
      results: [],
    });
    const jobs = await jobsAbout(database, project.repositoryKey);
    expect(jobs.filter((name) => name === 'process-deliveries')).toHaveLength(3);
  });

  it('deploys nothing when the replayed delivery is older than the head', async () => {
    expect(await replay(ids[0])).toMatchObject({ outcome: 'ignored', reason: 'older', attempts: 1 });
    expect(await commits()).toEqual([sha(1), sha(2)]);
    expect(await head()).toMatchObject({ head: sha(2) });
  });

  it('deploys nothing when the branch is at the commit of the replayed delivery', async () => {
    expect(await replay(ids[1])).toMatchObject({ outcome: 'ignored', reason: 'same_commit' });
    expect(await commits()).toEqual([sha(1), sha(2)]);
  });

  it('deploys a push that was skipped by auto-deploy only when it is replayed by force', async () => {
    await database.dataSource.query('UPDATE projects SET auto_deploy = false WHERE id = $1', [project.id]);
    const id = randomUUID();
    expect(await take({ id, before: sha(2), after: sha(3), second: 3 })).toMatchObject({
      outcome: 'ignored',
      reason: 'auto_deploy_off',
    });
    await database.dataSource.query('UPDATE projects SET auto_deploy = true WHERE id = $1', [project.id]);
    // The branch is already known to be at that commit: only force deploys it.
    expect(await replay(id)).toMatchObject({ outcome: 'ignored', reason: 'same_commit' });
    expect(await replay(id, true)).toMatchObject({ outcome: 'deployed' });
    expect(await commits()).toEqual([sha(1), sha(2), sha(3)]);
  });
});

describe('a forced replay', () => {
  it('deploys an older delivery when it is replayed by force', async () => {
    const { outcome, results } = await replay(ids[0], true);
    expect(outcome).toBe('deployed');
    expect(await commits()).toEqual([sha(1), sha(2), sha(1)]);
    const [, , last] = await deploymentsOf(database, project.id);
    expect(results).toMatchObject([{ deploymentId: last?.id }]);
  });

  it('keeps the push time of the branch, so that only later pushes count as newer', async () => {
    const before = await head();
    await replay(ids[0], true);
    expect(await head()).toEqual({ head: sha(1), pushedAt: before?.pushedAt });
    expect(await take({ before: sha(8), after: sha(9), second: 1 })).toMatchObject({ reason: 'older' });
    expect(await take({ before: sha(2), after: sha(3), second: 3 })).toMatchObject({ outcome: 'deployed' });
  });

  it('records who requested a replay in the delivery and in the deployment event', async () => {
    const { results } = await replay(ids[0], true);
    expect(await inbox.find(ids[0])).toMatchObject({
      replayedBy: 'key_operator',
      replayedAt: expect.any(Date) as Date,
    });
    const queued = await database.rows(
      `SELECT actor, reason FROM deployment_events WHERE deployment_id = $1 AND data->>'to' = 'queued'`,
      [results[0]?.deploymentId],
    );
    expect(queued).toEqual([{ actor: 'key_operator', reason: 'replay' }]);
    expect(await inbox.find(ids[1])).toMatchObject({ replayedBy: null, replayedAt: null });
  });

  it('settles the doubt of the branch, so that the answer to an earlier lookup does not undo the replay', async () => {
    const doubtful = randomUUID();
    expect(await take({ id: doubtful, before: sha(8), after: sha(9), second: 2 })).toMatchObject({
      outcome: 'in-doubt',
    });
    const branches = () =>
      database.dataSource.manager.findOneByOrFail(BranchEntity, { projectId: project.id });
    const asked = await branches();
    expect(await replay(ids[0], true)).toMatchObject({ outcome: 'deployed' });
    expect(await branches()).toMatchObject({ headSha: sha(1), inDoubtSince: null, doubtedPushedAt: null });
    expect(await inbox.find(doubtful)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    await database.unitOfWork.run((transaction) =>
      settleDoubt(transaction, asked, { headWhenAsked: asked.headSha, tip: sha(9) }, BASE_DOMAIN),
    );
    expect(await head()).toMatchObject({ head: sha(1) });
  });

  it('respects the order of pushes when a forced replay is repeated without force', async () => {
    await replay(ids[0], true);
    await take({ before: sha(2), after: sha(3), second: 3 });
    expect(await replay(ids[0])).toMatchObject({ outcome: 'ignored', reason: 'older' });
  });

  it('does not deploy a forced replay to a project with auto-deploy off', async () => {
    await database.dataSource.query('UPDATE projects SET auto_deploy = false WHERE id = $1', [project.id]);
    expect(await replay(ids[0], true)).toMatchObject({ outcome: 'ignored', reason: 'auto_deploy_off' });
  });
});

describe('the GitHub App installation of a project', () => {
  const installation = async () => {
    const [row] = await database.rows<{ id: string | null }>(
      'SELECT installation_id AS id FROM projects WHERE id = $1',
      [project.id],
    );
    return row?.id;
  };

  it('keeps the newer installation when an older delivery is replayed', async () => {
    const id = randomUUID();
    await take({ id, before: sha(2), after: sha(3), second: 3, installationId: 1 });
    expect(await installation()).toBe('1');
    await take({ before: sha(3), after: sha(4), second: 4, installationId: 2 });
    await replay(id);
    expect(await installation()).toBe('2');
    expect(await replay(id, true)).toMatchObject({ outcome: 'deployed' });
    expect(await installation()).toBe('2');
  });

  it('ignores the installation of an older push', async () => {
    await take({ before: sha(2), after: sha(3), second: 3, installationId: 2 });
    expect(await take({ before: sha(8), after: sha(9), second: 1, installationId: 1 })).toMatchObject({
      reason: 'older',
    });
    expect(await installation()).toBe('2');
  });

  it('takes the installation from a replay of the newest delivery', async () => {
    const id = randomUUID();
    await take({ id, before: sha(2), after: sha(3), second: 3, installationId: 2 });
    await database.dataSource.query('UPDATE projects SET installation_id = NULL WHERE id = $1', [project.id]);
    await replay(id);
    expect(await installation()).toBe('2');
  });
});

describe('retention of delivery bodies', () => {
  const age = (id: string, days: number) =>
    database.dataSource.query(
      `UPDATE webhook_deliveries SET received_at = now() - make_interval(days => $2) WHERE id = $1`,
      [id, days],
    );
  const expire = () => database.repository(RetentionRepository).deleteExpired();

  it('compresses delivery bodies and deletes them after 7 days, after which a replay is refused', async () => {
    const [stored] = await database.rows<{ bytes: number }>(
      'SELECT length(body) AS bytes FROM webhook_deliveries WHERE id = $1',
      [ids[0]],
    );
    expect(stored?.bytes).toBeLessThan(4_000);
    await age(ids[0], 8);
    await age(ids[1], 6);
    expect(await expire()).toMatchObject({ deliveries: 0, deliveryBodies: 1 });
    expect(await inbox.replay(ids[0])).toBe(false);
    expect(await inbox.find(ids[0])).toMatchObject({ outcome: 'deployed' });
    expect(await inbox.replay(ids[1])).toBe(true);
    await inbox.drain(project.githubRepo);
  });

  it('keeps deliveries and their bodies until they are processed', async () => {
    await inbox.replay(ids[0]);
    await age(ids[0], 31);
    await age(ids[1], 31);
    expect(await expire()).toMatchObject({ deliveries: 1, deliveryBodies: 0 });
    await inbox.drain(project.githubRepo);
    expect(await inbox.find(ids[0])).toMatchObject({ outcome: 'ignored', reason: 'older' });
    await expire();
    await expect(inbox.find(ids[0])).rejects.toThrow();
  });
});
