import { actOnEnvironment, DeploymentsRepository, rollBack, skipBuild } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { Inbox, type PushFields } from '../../support/inbox.js';
import { API_ACTOR, jobsAbout, sha } from '../../support/rows.js';
import { DeploymentFixture } from './deployment-fixture.js';

let database: TestDatabase;
let deployments: DeploymentsRepository;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  deployments = database.repository(DeploymentsRepository);
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

let fixture: DeploymentFixture;
/** The live deployment, of the commit 1. */
let live: string;
beforeEach(async () => {
  fixture = await DeploymentFixture.create(database);
  live = await fixture.reach('live');
});

const liveCommit = () => ({ deploymentId: live, sha: sha(1) });
const skip = (id: string, against = liveCommit()) =>
  fixture.run((transaction) => skipBuild(transaction, fixture.held(id), against, 'watch_paths'));
const set = (change: string, id: string, table = 'deployments') =>
  database.dataSource.query(`UPDATE ${table} SET ${change} WHERE id = $1`, [id]);
const rebuild = () =>
  fixture.run((transaction) => actOnEnvironment(transaction, fixture.environmentId, 'rebuild', API_ACTOR));
async function rowOf(id: string) {
  const [row] = await database.rows<object>(
    'SELECT status, skip_reason, finished_at IS NOT NULL AS ended FROM deployments WHERE id = $1',
    [id],
  );
  return row;
}

describe('skipBuild', () => {
  it('cancels the build with a reason, and leaves the live version and the environment as they are', async () => {
    const id = await fixture.reach('building');
    const environment = () =>
      database.rows(
        'SELECT status, live_deployment_id, desired_deployment_id, generation FROM environments WHERE id = $1',
        [fixture.environmentId],
      );
    const before = await environment();
    expect(await skip(id)).toBe(true);
    expect(await rowOf(id)).toEqual({ status: 'cancelled', skip_reason: 'watch_paths', ended: true });
    expect(await environment()).toEqual(before);
    expect((await fixture.eventsOf(id)).at(-1)).toEqual({
      from: 'building',
      to: 'cancelled',
      actor: 'system',
      reason: 'watch_paths',
      jobs: 1,
    });
    expect(await skip(id)).toBe(false);
  });

  it('lets the next build of the environment start', async () => {
    const id = await fixture.reach('building');
    const next = await fixture.reach('queued');
    const before = await jobsAbout(database, next);
    expect(await skip(id)).toBe(true);
    expect(await jobsAbout(database, next)).toEqual([...before, 'build-deployment']);
  });

  it('changes nothing when another builder holds the build, or another version is live', async () => {
    const id = await fixture.reach('building');
    expect(await skip(id, { ...liveCommit(), deploymentId: 'dep_other' })).toBe(false);
    await set('attempt = 2', id);
    expect(await skip(id)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ status: 'building', skip_reason: null });
  });

  it('makes the delivery skipped in its project, and joins the outcomes of others', async () => {
    const { githubRepo } = fixture.project;
    const other = await DeploymentFixture.create(database);
    await set(
      `github_repo = '${githubRepo}', repository_key = '${githubRepo}'`,
      other.project.id,
      'projects',
    );
    const fields: PushFields = { repository: githubRepo, before: sha(1), after: sha(2), second: 2 };
    const delivery = await inbox.acceptAndDrain(fields);
    const id = delivery.results.find(({ projectId }) => projectId === fixture.project.id)?.deploymentId;
    await fixture.claim(id ?? '', 1);
    expect(await skip(id ?? '')).toBe(true);
    const after = await inbox.find(delivery.id);
    expect(after).toMatchObject({ outcome: 'deployed,skipped', reason: 'watch_paths' });
    expect(after.results).toContainEqual({
      projectId: fixture.project.id,
      outcome: 'skipped',
      reason: 'watch_paths',
      deploymentId: id,
    });
  });
});

describe('the live commit to compare a build with', () => {
  const found = (id: string) => deployments.liveCommitBefore(id);

  it('is that of the live version', async () => {
    expect(await found(await fixture.reach('building'))).toEqual(liveCommit());
  });

  it('stays the same after builds that were skipped or superseded by pushes', async () => {
    const skipped = await fixture.reach('building');
    await skip(skipped);
    await fixture.reach('queued');
    expect(await found(await fixture.reach('building'))).toEqual(liveCommit());
  });

  it('does not exist in an environment without a live version', async () => {
    const first = await DeploymentFixture.create(database);
    expect(await found(await first.reach('building'))).toBeNull();
  });

  it.each<[string, (last: string) => Promise<unknown>]>([
    ['failed', (last) => set(`status = 'failed', failure_code = 'build_failed'`, last)],
    ['was cancelled', (last) => fixture.cancel(last)],
    ['is a rebuild, even if a push superseded it', () => rebuild()],
    ['is about to go live', (last) => set(`status = 'deploying'`, last)],
  ])('does not exist when a deployment in between %s', async (_, happens) => {
    await happens(await fixture.reach('queued'));
    expect(await found(await fixture.reach('queued'))).toBeNull();
  });

  it('does not exist for a rebuild, a request over the API and a replay', async () => {
    const id = await fixture.reach('building');
    for (const trigger of ['rebuild', 'api']) {
      await set(`trigger = '${trigger}'`, id);
      expect(await found(id)).toBeNull();
    }
    await set(`trigger = 'push'`, id);
    await database.dataSource.query(
      `UPDATE deployment_events SET reason = 'replay' WHERE deployment_id = $1`,
      [id],
    );
    expect(await found(id)).toBeNull();
  });

  it('does not exist when the live version does not work, or is the same commit, or has none', async () => {
    const id = await fixture.reach('building');
    const { environmentId } = fixture;
    await set(
      `failure_code = 'app_exited', failure_message = '', failed_at = now(), failed_generation = generation,
       failure_count = 1`,
      environmentId,
      'environments',
    );
    expect(await found(id)).toBeNull();
    await set(
      'failure_code = NULL, failure_message = NULL, failed_at = NULL, failed_generation = NULL, failure_count = 0',
      environmentId,
      'environments',
    );
    for (const commit of ['NULL', `'${sha(2)}'`]) {
      await set(`commit_sha = ${commit}`, live);
      expect(await found(id)).toBeNull();
    }
  });

  it('is that of a rollback, once it is live', async () => {
    const newer = await fixture.reach('live');
    await fixture.run((transaction) => rollBack(transaction, fixture.environmentId, live, API_ACTOR));
    const [row] = await database.rows<{ id: string }>(
      `SELECT id FROM deployments WHERE environment_id = $1 AND trigger = 'rollback'`,
      [fixture.environmentId],
    );
    const rollback = row?.id ?? '';
    expect(await found(await fixture.reach('queued'))).toBeNull();
    await fixture.rollOut(rollback);
    expect(await rowOf(newer)).toMatchObject({ status: 'replaced' });
    expect(await found(await fixture.reach('queued'))).toEqual({ deploymentId: rollback, sha: sha(1) });
  });
});
