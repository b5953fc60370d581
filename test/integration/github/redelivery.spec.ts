import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { DeliveriesConfig, GithubConfig, WorkerConfig } from '@nexos/config';
import { ConfiguredApp, GithubRequests, HookDeliveries } from '@nexos/github';
import { DeliveryLooksRepository, LostDeliveriesRepository } from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { RedeliveryRound } from '../../../apps/integrations/src/redelivery/redelivery-round.js';
import { RedeliveryTask } from '../../../apps/integrations/src/redelivery/redelivery.task.js';
import { TestDatabase } from '../../support/database.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import { deliveryOf, Inbox } from '../../support/inbox.js';
import { PROMPT_MS } from '../../support/eventually.js';

const APP_ID = 4242;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { signal } = new AbortController();

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

let api: GithubApi;
/** What the API of Nexos answers; 0 while it is down. */
let status = 202;
let arrivals: string[] = [];
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE webhook_deliveries, lost_deliveries, delivery_looks CASCADE');
  api = await GithubApi.start({ id: String(APP_ID), publicKey });
  status = 202;
  arrivals = [];
  api.hook.deliverTo(async (guid) => {
    if (status !== 202) return status;
    arrivals.push(guid);
    await inbox.deliveries.accept([deliveryOf({ id: guid, repository: 'acme/app' })]);
    return status;
  });
});
afterEach(() => api.stop());

function roundOf(redeliveryMs = 1_000): RedeliveryRound {
  const { unitOfWork } = database;
  return new RedeliveryRound(
    new DeliveryLooksRepository(unitOfWork),
    new LostDeliveriesRepository(unitOfWork),
    new HookDeliveries(requests()),
    new WorkerConfig(),
    Object.assign(new DeliveriesConfig(), { redeliveryMs }),
  );
}

function requests(): GithubRequests {
  const github = { apiUrl: api.url, appId: String(APP_ID), appPrivateKey: PEM };
  return new GithubRequests(new ConfiguredApp(Object.assign(new GithubConfig(), github)));
}

/** Runs a round as if it were due, and has GitHub repeat what was requested. */
async function round(): Promise<void> {
  await database.dataSource.query('UPDATE delivery_looks SET next_at = now()');
  await roundOf().run(APP_ID, false, signal);
  await api.hook.settle();
}
/** Has the wait before the next request of each delivery end. */
const endWaits = () =>
  database.dataSource.query('UPDATE lost_deliveries SET request_at = now() WHERE request_at > now()');
const look = async () => {
  const [row] = await database.rows<{ error: string | null; failures: number; waitMs: number }>(
    `SELECT error, failures, extract(epoch FROM next_at - now())::float * 1000 AS "waitMs" FROM delivery_looks`,
  );
  return row;
};

it('has deliveries repeated that were lost while the API was down, once', async () => {
  const before = await api.hook.send();
  status = 0;
  const lost = [await api.hook.send(), await api.hook.send()];
  status = 202;
  const after = await api.hook.send();
  await round();
  expect(arrivals).toEqual([before, after, ...lost]);
  await round();
  await round();
  expect(api.hook.repeated).toEqual(lost);
  expect(api.malformed).toEqual([]);
});

it('requests a delivery again, after a growing wait, while the API stays down', async () => {
  status = 503;
  const guid = await api.hook.send();
  await round();
  await round();
  await round();
  expect(api.hook.repeated).toEqual([guid]);
  await endWaits();
  await round();
  expect(api.hook.repeated).toEqual([guid, guid]);
  await round();
  const [lost] = await database.rows<{ wait: number }>(
    `SELECT extract(epoch FROM request_at - now())::float AS wait FROM lost_deliveries`,
  );
  expect(lost?.wait).toBeGreaterThan(100);
  status = 202;
  await endWaits();
  await round();
  await round();
  expect(arrivals).toEqual([guid]);
});

it('leaves a delivery alone that has arrived although GitHub says that it failed', async () => {
  status = 504;
  const guid = await api.hook.send();
  await inbox.deliveries.accept([deliveryOf({ id: guid, repository: 'acme/app' })]);
  await round();
  expect(api.hook.repeated).toEqual([]);
});

it('leaves a delivery alone that somebody had repeated', async () => {
  const guid = randomUUID();
  status = 500;
  await api.hook.send({ guid, at: new Date(Date.now() - 5_000) });
  status = 202;
  await api.hook.send({ guid, isRepeated: true });
  // It arrived somewhere else.
  await database.dataSource.query('DELETE FROM webhook_deliveries');
  await round();
  expect(api.hook.repeated).toEqual([]);
});

it('reads a long list in parts, over several rounds', async () => {
  api.hook.pageSize = 2;
  status = 0;
  const oldest = await api.hook.send({ at: new Date(Date.now() - 60_000) });
  status = 202;
  for (let count = 0; count < 25; count++) await api.hook.send();
  await round();
  expect(api.hook.repeated).toEqual([]);
  await round();
  expect(api.hook.repeated).toEqual([oldest]);
  const before = api.requests.length;
  await round();
  // From its beginning again, until what was read already.
  expect(api.requests.length - before).toBeGreaterThan(0);
  expect(api.hook.repeated).toEqual([oldest]);
});

it('requests at most 50 deliveries per round', async () => {
  status = 0;
  for (let count = 0; count < 60; count++) await api.hook.send();
  status = 202;
  await round();
  expect(arrivals).toHaveLength(50);
  await round();
  expect(new Set(arrivals).size).toBe(60);
});

it('forgets where the list continues when GitHub does', async () => {
  api.hook.pageSize = 1;
  for (let count = 0; count < 12; count++) await api.hook.send();
  await round();
  await database.dataSource.query(`UPDATE delivery_looks SET cursor = 'v1_0'`);
  await round();
  expect(await look()).toMatchObject({ failures: 1 });
  await round();
  expect(await look()).toMatchObject({ failures: 0, error: null });
});

it.each([
  ['rate limit', 0, 61_000],
  ['secondary limit', 0, 2_000],
  ['502', 500, 1_500],
] as const)('waits after a %s', async (kind, least, most) => {
  await api.hook.send();
  api.failWhen(() => ({ kind, isApplied: false }));
  await round();
  const row = await look();
  expect(row).toMatchObject({ failures: 1, error: expect.stringMatching(/GitHub/) as string });
  expect(row?.waitMs).toBeGreaterThan(least);
  expect(row?.waitMs).toBeLessThan(most);
  await roundOf().run(APP_ID, true, signal);
  expect(api.requests).toHaveLength(1);
});

it('goes on after any request failed once', async () => {
  status = 0;
  const guid = await api.hook.send();
  status = 202;
  for (let failing = 0; failing < 2; failing++) {
    const start = api.requests.length;
    api.failWhen((_, index) => (index === start + failing ? { kind: '500', isApplied: false } : null));
    await round();
  }
  api.failWhen(null);
  await round();
  expect(arrivals).toEqual([guid]);
});

it('is one process at a time', async () => {
  status = 0;
  await api.hook.send();
  status = 202;
  await Promise.all([roundOf(), roundOf(), roundOf()].map((one) => one.run(APP_ID, true, signal)));
  await api.hook.settle();
  expect(api.requests.filter((request) => request.startsWith('GET'))).toHaveLength(1);
  expect(api.hook.repeated).toHaveLength(1);
});

it('does nothing without an App', async () => {
  const config = new DeliveriesConfig();
  const task = new RedeliveryTask(
    roundOf(),
    new GithubRequests(new ConfiguredApp(new GithubConfig())),
    config,
  );
  task.onApplicationBootstrap();
  await task.beforeApplicationShutdown();
  expect(await look()).toBeUndefined();
  expect(api.requests).toEqual([]);
});

it('begins when the process starts', async () => {
  const task = new RedeliveryTask(roundOf(), requests(), new DeliveriesConfig());
  status = 0;
  const guid = await api.hook.send();
  status = 202;
  task.onApplicationBootstrap();
  await expect.poll(() => arrivals, { timeout: PROMPT_MS }).toEqual([guid]);
  await task.beforeApplicationShutdown();
});
