import { BuildClaims, BuildUsageRepository, finishBuild } from '@nexos/state';
import { quotaPeriod } from '@nexos/domain';
import type { DeploymentEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MeterBuildsHandler } from '../../../apps/quota/src/meter-builds.handler.js';
import { TestDatabase } from '../../support/database.js';
import { Notifier } from '../../support/notify/notifier.js';
import { BUILT_IMAGE, queueBuilds } from '../../support/waiting-builds.js';

let database: TestDatabase;
let claims: BuildClaims;
let usage: BuildUsageRepository;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
  usage = database.repository(BuildUsageRepository);
});
afterAll(() => database.drop());

let accountId: string;
let projectId: string;
let ids: readonly string[];
beforeEach(async () => {
  await database.dataSource.query(
    `UPDATE deployments SET status = 'cancelled' WHERE status IN ('queued', 'building')`,
  );
  ({ accountId, projectId, deploymentIds: ids } = await queueBuilds(database, 3));
});

const next = async () => {
  const taken = await claims.claimNext(60_000, 0);
  return taken.kind === 'claimed' ? taken.deployment : null;
};
const begin = async () => (await next()) ?? expect.fail();
const finish = ({ id, environmentId, attempt }: DeploymentEntity) =>
  database.unitOfWork.run((transaction) =>
    finishBuild(transaction, { deploymentId: id, environmentId, attempt }, BUILT_IMAGE),
  );
const meter = () =>
  new MeterBuildsHandler(usage, database.unitOfWork).handle({}, new AbortController().signal);
const limitTo = (minutes: number) =>
  database.dataSource.query(`UPDATE accounts SET limits = limits || $2 WHERE id = $1`, [
    accountId,
    JSON.stringify({ build_minutes: minutes }),
  ]);

describe('the limit of build minutes', () => {
  const events = async () => {
    const rows = await database.rows<{ data: object }>(
      `SELECT data FROM environment_events WHERE type = 'build_minutes' AND project_id = $1 ORDER BY seq`,
      [projectId],
    );
    return rows.map(({ data }) => data);
  };
  const levelOf = async () => {
    const [row] = await database.rows<{ level: string }>(
      'SELECT build_minutes_level AS level FROM accounts WHERE id = $1',
      [accountId],
    );
    return row?.level;
  };
  /** Adds a day with these seconds to the period, which a run that began before now may not belong to. */
  const use = (seconds: number) =>
    database.dataSource.query(
      `INSERT INTO build_usage (account_id, day, project_id, builds, seconds)
       VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, 0, $3)
       ON CONFLICT (account_id, day, project_id) DO UPDATE SET seconds = excluded.seconds`,
      [accountId, projectId, seconds],
    );

  it('warns once at 80 %, while the build still runs, and once when they are used up', async () => {
    await limitTo(1);
    const build = await begin();
    await use(40);
    await meter();
    expect(await events()).toEqual([]);
    await use(49);
    await meter();
    await meter();
    const { end } = quotaPeriod(await database.unitOfWork.now());
    const warning = { from: 'ok', to: 'nearly_used_up', used_minutes: 1, limit_minutes: 1 };
    const message = expect.stringContaining(
      '1 of the 1 build minutes of this month are used. Once all',
    ) as string;
    expect(await events()).toMatchObject([{ ...warning, message, period_end: end.toISOString() }]);
    await use(61);
    await finish(build);
    await meter();
    await meter();
    expect(await events()).toMatchObject([
      warning,
      {
        from: 'nearly_used_up',
        to: 'used_up',
        message: expect.stringContaining('No new build starts') as string,
      },
    ]);
  });

  it('is told to a webhook of the account when it comes near', async () => {
    const notifier = new Notifier(database);
    const { id } = await notifier.createWebhook({ accountId, url: 'https://example.com' });
    await database.dataSource.query(
      `UPDATE webhooks SET created_at = now() - interval '1 day' WHERE id = $1`,
      [id],
    );
    await limitTo(1);
    await begin();
    await use(49);
    await meter();
    const [row] = await database.rows<{ seq: string }>(
      `SELECT seq FROM environment_events WHERE type = 'build_minutes' AND project_id = $1`,
      [projectId],
    );
    await notifier.dispatchEnvironmentEvent(row?.seq ?? '');
    const told = await notifier.messages.page(id, { limit: 10 });
    const { type, data } = told.at(0) ?? expect.fail('no message');
    expect(type).toBe('account.build_minutes');
    expect(data.message).toContain('1 of the 1 build minutes');
  });

  it('settles only the accounts whose level is no longer right, besides those whose builds have ended', async () => {
    await limitTo(1);
    await begin();
    expect(await usage.accountsToSettle()).not.toContain(accountId);
    await use(49);
    expect(await usage.accountsToSettle()).toContain(accountId);
    await meter();
    expect(await usage.accountsToSettle()).not.toContain(accountId);
    await limitTo(2);
    expect(await usage.accountsToSettle()).toContain(accountId);
  });

  it('stops new builds, while running ones finish and lost ones begin again', async () => {
    await limitTo(1);
    expect(await next()).toMatchObject({ id: ids[0] });
    await use(61);
    expect(await next()).toBeNull();
    const failed = await database.rows(
      `SELECT id, failure_message AS message FROM deployments
       WHERE project_id = $1 AND status = 'failed' AND failure_code = 'quota_exceeded' ORDER BY id`,
      [projectId],
    );
    expect(failed).toHaveLength(2);
    expect(failed).toMatchObject([
      { message: expect.stringMatching(/^The quota allows 1 build minutes? .* next month/) as string },
      {},
    ]);
    await database.dataSource.query(
      `UPDATE deployments SET lease_until = now() - interval '1 second' WHERE id = $1`,
      [ids[0]],
    );
    const again = await begin();
    expect(again).toMatchObject({ id: ids[0], attempt: 2 });
    expect(await finish(again)).toBe(true);
  });

  it('builds again in the next period, or once the limit is raised', async () => {
    await limitTo(1);
    const build = await begin();
    await use(61);
    await finish(build);
    await meter();
    expect(await levelOf()).toBe('used_up');
    await limitTo(2);
    const second = await begin();
    expect(second.id).toBe(ids[1]);
    await finish(second);
    await database.dataSource.query(
      `UPDATE build_runs SET started_at = started_at - interval '2 months', renewed_at = renewed_at - interval '2 months',
         ended_at = ended_at - interval '2 months' WHERE account_id = $1`,
      [accountId],
    );
    await database.dataSource.query(`UPDATE build_usage SET day = day - 62 WHERE account_id = $1`, [
      accountId,
    ]);
    await limitTo(1);
    await meter();
    expect(await levelOf()).toBe('ok');
    expect(await next()).toMatchObject({ id: ids[2] });
  });
});
