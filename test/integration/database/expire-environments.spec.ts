import { EnvironmentsRepository, expireEnvironment } from '@nexos/state';
import { type ProjectEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ExpireEnvironmentsHandler } from '../../../apps/quota/src/expire-environments.handler.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  insertProject,
  createQueuedDeployment,
  at,
  deploymentsOf,
  environmentsOf,
  jobsAbout,
  push,
  sha,
} from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let project: ProjectEntity;
beforeEach(async () => {
  await database.dataSource.query('UPDATE projects SET expires_after_days = NULL');
  project = await insertProject(database.dataSource.manager);
});

const expireAfter = (days: number | null) =>
  database.dataSource.query('UPDATE projects SET expires_after_days = $2 WHERE id = $1', [project.id, days]);
/** Creates an environment with the given hours since its creation and since its last deployment. */
async function environment(branch: string, createdHours: number, deployedHours: number): Promise<string> {
  const { id, environmentId } = await createQueuedDeployment(database, { project, branch });
  await database.dataSource.query(
    `UPDATE environments SET created_at = now() - make_interval(hours => $2) WHERE id = $1`,
    [environmentId, createdHours],
  );
  await database.dataSource.query(
    `UPDATE deployments SET queued_at = now() - make_interval(hours => $2) WHERE id = $1`,
    [id, deployedHours],
  );
  return environmentId;
}
const handle = (stopping = new AbortController().signal) =>
  new ExpireEnvironmentsHandler(database.repository(EnvironmentsRepository), database.unitOfWork).handle(
    {},
    stopping,
  );
const statusOf = async (branch: string) =>
  (await environmentsOf(database, project.id, branch)).map(({ status }) => status);

describe('ExpireEnvironmentsHandler', () => {
  it('destroys only environments without a push or deployment for the number of days their project sets', async () => {
    await expireAfter(2);
    const old = await environment('old', 100, 49);
    await environment('deployed recently', 100, 47);
    await environment('created recently', 1, 100);
    const earlierJobs = await jobsAbout(database, old);
    await handle();
    expect(await statusOf('old')).toEqual(['destroying']);
    expect(await statusOf('deployed recently')).toEqual(['pending']);
    expect(await statusOf('created recently')).toEqual(['pending']);
    expect(await jobsAbout(database, old)).toEqual([...earlierJobs, 'reconcile-environment']);
    expect(await deploymentsOf(database, project.id, 'old')).toMatchObject([{ status: 'cancelled' }]);
  });

  it('keeps an environment whose branch is pushed to, even if the push is not deployed or is in doubt', async () => {
    await expireAfter(2);
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    for (const branch of ['pushed recently', 'in doubt', 'pushed before'])
      await environment(branch, 100, 100);
    project.autoDeploy = false;
    const taken = [
      await push(database.unitOfWork, project, {
        branch: 'pushed recently',
        after: sha(70),
        at: hoursAgo(47),
      }),
      await push(database.unitOfWork, project, { branch: 'in doubt', after: sha(71), at: null }),
      await push(database.unitOfWork, project, { branch: 'pushed before', after: sha(72), at: hoursAgo(49) }),
    ];
    expect(taken).toEqual(['ignored', 'in-doubt', 'ignored']);
    await handle();
    expect(await statusOf('pushed recently')).toEqual(['pending']);
    expect(await statusOf('in doubt')).toEqual(['pending']);
    expect(await statusOf('pushed before')).toEqual(['destroying']);
  });

  it('keeps the environments of a project that has never set an expiry or has removed it', async () => {
    await environment('main', 10_000, 10_000);
    await handle();
    await expireAfter(1);
    await expireAfter(null);
    await handle();
    expect(await statusOf('main')).toEqual(['pending']);
  });

  it('expires an environment without deployments by its creation time', async () => {
    await expireAfter(1);
    const id = await environment('main', 25, 25);
    await database.dataSource.query('UPDATE environments SET latest_deployment_id = NULL WHERE id = $1', [
      id,
    ]);
    await handle();
    expect(await statusOf('main')).toEqual(['destroying']);
  });

  it('lets the next push create a new environment after one has expired', async () => {
    await expireAfter(1);
    await environment('main', 50, 50);
    await handle();
    await handle();
    expect(await push(database.unitOfWork, project, { after: sha(77), at: at(9_999) })).toBe('deployed');
    expect(await statusOf('main')).toEqual(['destroying', 'pending']);
  });

  it('destroys nothing once the process is stopping', async () => {
    await expireAfter(1);
    await environment('main', 50, 50);
    await handle(AbortSignal.abort());
    expect(await statusOf('main')).toEqual(['pending']);
  });

  it('keeps an environment that a push reaches at the same moment', async () => {
    await expireAfter(1);
    const id = await environment('main', 50, 50);
    let expiring: Promise<unknown> = Promise.resolve();
    const pushing = database.anotherUnitOfWork();
    await pushing.run(async () => {
      await push(pushing, project, { after: sha(78), at: at(9_999) });
      expect(await database.repository(EnvironmentsRepository).findExpired('', 10)).toMatchObject([{ id }]);
      expiring = database.unitOfWork.run((transaction) => expireEnvironment(transaction, id));
      await eventually('the other transaction to wait', async () => {
        const waiting = await database.rows(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      });
    });
    expect(await expiring).toBeNull();
    expect(await statusOf('main')).toEqual(['pending']);
  });
});

describe('EnvironmentsRepository.findExpired', () => {
  it('returns expired environments in batches, each once', async () => {
    await expireAfter(1);
    const ids = [];
    for (const branch of ['a', 'b', 'c']) ids.push(await environment(branch, 50, 50));
    const environments = database.repository(EnvironmentsRepository);
    const first = await environments.findExpired('', 2);
    const second = await environments.findExpired(first.at(-1)?.id ?? '', 2);
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
    expect(first[0]).toEqual({ id: ids[0], branch: 'a', days: 1 });
    await handle();
    expect(await environments.findExpired('', 2)).toEqual([]);
  });
});
