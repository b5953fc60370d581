import { BuildClaims, BuildUsageRepository, cancelDeployment, finishBuild } from '@nexos/state';
import { type QuotaPeriod, quotaPeriod, systemCause } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MeterBuildsHandler } from '../../../apps/quota/src/meter-builds.handler.js';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { BUILT_IMAGE, queueBuilds } from '../../support/waiting-builds.js';

const ALL_DAYS = { from: '2000-01-01', to: '2100-01-01' };
let database: TestDatabase;
let claims: BuildClaims;
let usage: BuildUsageRepository;
let period: QuotaPeriod;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
  usage = database.repository(BuildUsageRepository);
  period = quotaPeriod(await database.unitOfWork.now());
});
afterAll(() => database.drop());

let accountId: string;
let projectId: string;
let ids: readonly string[];
beforeEach(async () => {
  ({ accountId, projectId, deploymentIds: ids } = await queueBuilds(database, 3));
});

const claim = (id = ids[0] ?? '') => claimAny(database.unitOfWork, id);
const environmentOf = async (id: string) => {
  const [row] = await database.rows<{ environmentId: string }>(
    'SELECT environment_id AS "environmentId" FROM deployments WHERE id = $1',
    [id],
  );
  return row?.environmentId ?? '';
};
const finish = async (id = ids[0] ?? '', attempt = 1) => {
  const build = { deploymentId: id, environmentId: await environmentOf(id), attempt };
  return database.unitOfWork.run((transaction) => finishBuild(transaction, build, BUILT_IMAGE));
};
/** Has the current run of a build begun this long ago, and its builder renewed the lease then. */
const age = (beganSecondsAgo: number, renewedSecondsAgo = 0, id = ids[0] ?? '') =>
  database.dataSource.query(
    `UPDATE build_runs SET started_at = now() - make_interval(secs => $2),
       renewed_at = now() - make_interval(secs => $3) WHERE deployment_id = $1 AND ended_at IS NULL`,
    [id, beganSecondsAgo, renewedSecondsAgo],
  );
const loseBuilder = (id = ids[0] ?? '') =>
  database.dataSource.query(
    `UPDATE deployments SET lease_until = now() - interval '1 second' WHERE id = $1`,
    [id],
  );
/** Seconds used by the account, at all times. */
const used = () => usage.usedSeconds(accountId, { start: new Date(0), end: new Date(4e12) });
/** Expects the account to have used these seconds, or a little more: builds go on between two statements. */
const expectUsed = async (seconds: number) => {
  const actual = await used();
  expect(actual).toBeGreaterThanOrEqual(seconds);
  expect(actual).toBeLessThan(seconds + 15);
};
const meter = () =>
  new MeterBuildsHandler(usage, database.unitOfWork).handle({}, new AbortController().signal);
const days = () => usage.daily(accountId, ALL_DAYS, { limit: 50, after: null });
const builds = async () => (await days()).reduce((sum, day) => sum + day.builds, 0);
describe('the seconds of a build', () => {
  it('counts a build from its claim until its builder hands it over', async () => {
    await claim();
    await age(90);
    await finish();
    await expectUsed(90);
    await meter();
    await expectUsed(90);
    expect(await usage.findDrift()).toEqual([]);
  });

  it('counts a running build until now, and no longer than a second after its last renewal', async () => {
    await claim();
    await age(90);
    await expectUsed(90);
    await age(90, 60);
    await expectUsed(31);
  });

  it('charges a killed build once for what it ran, and the attempt after it for itself', async () => {
    await claim();
    await age(100, 40);
    await loseBuilder();
    await meter();
    expect(await claim()).toMatchObject({ attempt: 2 });
    await age(20);
    await finish(ids[0], 2);
    for (let time = 0; time < 2; time++) await meter();
    await expectUsed(61 + 20);
    expect(await builds()).toBe(1);
    expect(await usage.findDrift()).toEqual([]);
  });

  it('counts a build until now that its builder ends without having renewed its lease', async () => {
    await claim();
    await age(100, 40);
    await finish();
    await expectUsed(100);
  });

  it('counts a cancelled build until then, and nothing for one that never began', async () => {
    await claim();
    await age(30);
    for (const id of ids) {
      const environmentId = await environmentOf(id);
      await database.unitOfWork.run((transaction) =>
        cancelDeployment(transaction, id, environmentId, systemCause('requested')),
      );
    }
    await expectUsed(30);
  });

  it('counts a build that is handed back, but not while it waits', async () => {
    await claim();
    await age(30);
    await claims.requeue(ids[0] ?? '', 1);
    await database.dataSource.query(
      `UPDATE build_runs SET started_at = started_at - interval '1 hour', renewed_at = renewed_at - interval '1 hour',
         ended_at = ended_at - interval '1 hour' WHERE deployment_id = $1`,
      [ids[0]],
    );
    expect(await claim()).toMatchObject({ attempt: 3 });
    await age(5);
    await claims.retry(ids[0] ?? '', 3);
    await expectUsed(35);
  });

  it('divides a build at midnight and at the end of the period', async () => {
    await claim();
    await finish();
    const at = (seconds: number) => new Date(period.start.getTime() + seconds * 1_000);
    await database.dataSource.query(
      'UPDATE build_runs SET started_at = $2, renewed_at = $3, ended_at = $3 WHERE deployment_id = $1',
      [ids[0], at(-30), at(45)],
    );
    const before = { start: new Date(0), end: period.start };
    const expectDivided = async () => {
      expect(await usage.usedSeconds(accountId, before)).toBeCloseTo(30, 3);
      expect(await usage.usedSeconds(accountId, period)).toBeCloseTo(45, 3);
      expect(await days()).toMatchObject([
        { date: at(-30).toISOString().slice(0, 10), builds: 1, seconds: 30 },
        { date: at(0).toISOString().slice(0, 10), builds: 0, seconds: 45 },
      ]);
    };
    await expectDivided();
    await meter();
    await expectDivided();
  });

  it('adds each run once when two workers meter at the same time', async () => {
    for (const id of ids) {
      await claim(id);
      await age(10, 0, id);
      await finish(id);
    }
    await Promise.all([meter(), meter(), meter()]);
    expect(await builds()).toBe(3);
    await expectUsed(30);
    expect(await usage.findDrift()).toEqual([]);
  });

  it('meters the builds of other accounts when one account cannot be settled', async () => {
    const broken = await queueBuilds(database, 1);
    for (const id of [broken.deploymentIds[0] ?? '', ids[0] ?? '']) {
      await claim(id);
      await age(61, 0, id);
      await finish(id);
    }
    await database.dataSource.query(
      `UPDATE accounts SET limits = limits || '{"build_minutes": 1}' WHERE id = ANY($1)`,
      [[accountId, broken.accountId]],
    );
    await database.dataSource.query(
      `ALTER TABLE accounts ADD CONSTRAINT broken CHECK (id <> '${broken.accountId}' OR build_minutes_level = 'ok')`,
    );
    await expect(meter()).rejects.toThrow(broken.accountId);
    const unmetered = await usage.findUnmetered(10, []);
    expect(unmetered).toEqual([expect.objectContaining({ accountId: broken.accountId })]);
    await database.dataSource.query('ALTER TABLE accounts DROP CONSTRAINT broken');
    await meter();
    expect(await usage.findUnmetered(1, [])).toEqual([]);
  });

  it('finds figures that differ from the runs', async () => {
    await claim();
    await age(10);
    await finish();
    await meter();
    await database.dataSource.query('UPDATE build_usage SET seconds = seconds + 5 WHERE account_id = $1', [
      accountId,
    ]);
    expect(await usage.findDrift()).toMatchObject([{ accountId, projectId, seconds: 5, builds: 0 }]);
    await database.dataSource.query('DELETE FROM build_usage WHERE account_id = $1', [accountId]);
    expect(await usage.findDrift()).toMatchObject([{ accountId, projectId, builds: -1 }]);
    await database.dataSource.query('DELETE FROM build_runs WHERE account_id = $1', [accountId]);
  });
});
