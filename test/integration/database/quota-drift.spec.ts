import { Metrics } from '@nexos/observability';
import {
  BuildClaims,
  BuildUsageRepository,
  QuotaDriftRepository,
  ServiceSizesRepository,
} from '@nexos/state';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { CheckQuotasHandler } from '../../../apps/quota/src/check-quotas.handler.js';
import { TestDatabase } from '../../support/database.js';
import { queueBuilds } from '../../support/waiting-builds.js';
import { QuotaFixture } from './quota-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

/** Runs the check as its job does; returns the metric. */
async function checked(): Promise<string | undefined> {
  const metrics = new Metrics();
  const handler = new CheckQuotasHandler(
    database.repository(QuotaDriftRepository),
    database.repository(BuildUsageRepository),
    metrics,
  );
  await handler.handle({}, new AbortController().signal);
  return /^nexos_quota_drift (.+)$/m.exec(await metrics.text())?.[1];
}

it('the hourly check reports figures that differ from their recomputation', async () => {
  const account = await QuotaFixture.create(database);
  const pushed = await account.push(await account.project({ services: { s3: {} } }));
  expect(await account.drift()).toEqual([]);
  expect(await checked()).toBe('0');
  // A kind of service that this version does not know: the two ways to count take it differently.
  await database.dataSource.query(`INSERT INTO service_sizes (kind, cpu, memory_mb) VALUES ('mail', 2, 64)`);
  await database.dataSource.query(
    `UPDATE deployments SET spec = jsonb_set(spec, '{services,mail}', '{}') WHERE id = $1`,
    [pushed.id],
  );
  const { accountId } = account;
  expect(await account.drift()).toEqual([
    { accountId, figure: 'cpu', counted: 3.5, recomputed: 1.5 },
    { accountId, figure: 'memoryMb', counted: 832, recomputed: 768 },
  ]);
  expect(await checked()).toBe('2');
  // A day without a build that it was added up from.
  await database.dataSource.query(
    `INSERT INTO build_usage (account_id, day, project_id, builds, seconds) VALUES ($1, now(), 'proj', 1, 60)`,
    [accountId],
  );
  expect(await checked()).toBe('3');
});

it('the hourly check ends runs that were left open by builds which no longer run, and reports them', async () => {
  const { deploymentIds, accountId } = await queueBuilds(database, 3);
  const claims = new BuildClaims(database.unitOfWork);
  for (let count = 0; count < 3; count++) await claims.claimNext(60_000, 0);
  const before = Number(await checked());
  // As a process does that knows no runs.
  await database.dataSource.query(
    `UPDATE deployments SET status = 'cancelled', finished_at = now() WHERE id = $1`,
    [deploymentIds[0]],
  );
  expect(await checked()).toBe(String(before + 1));
  expect(await checked()).toBe(String(before));
  expect(
    await database.rows(
      `SELECT deployment_id AS id, ended_at IS NULL AS "isOpen" FROM build_runs WHERE account_id = $1 ORDER BY id`,
      [accountId],
    ),
  ).toEqual([
    { id: deploymentIds[0], isOpen: false },
    { id: deploymentIds[1], isOpen: true },
  ]);
});

it('services count with the sizes that the workers have recorded', async () => {
  const account = await QuotaFixture.create(database);
  await account.push(await account.project({ services: { redis: {} } }));
  expect(await account.usage()).toMatchObject({ cpu: 1.5, memoryMb: 768 });
  const sizes = database.repository(ServiceSizesRepository);
  await sizes.record([{ kind: 'redis', cpu: 0.25, memoryMb: 64 }]);
  expect(await account.usage()).toMatchObject({ cpu: 0.75, memoryMb: 576 });
  expect(await account.drift()).toEqual([]);
});
