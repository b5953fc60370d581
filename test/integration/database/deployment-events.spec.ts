import { cancelDeployment, failRollout, finishRollout } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { BY_REQUEST } from '../../support/rows.js';
import { ENDINGS, EXITED } from './deployment-endings.js';
import { DeploymentsUnderWay } from './deployments-under-way.js';

let database: TestDatabase;
let all: DeploymentsUnderWay;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
beforeEach(async () => {
  all = await DeploymentsUnderWay.begin(database);
});
afterAll(() => database.drop());

describe('a deployment that ends has one event of its end, with one job, and is counted once', () => {
  it.each(ENDINGS)('by $name', async ({ prepare, expected, counted }) => {
    const { id, end } = await prepare(all);
    expect(await all.countedBy(end)).toEqual(counted);
    const events = await all.eventsOf(id);
    expect(events.at(-1)).toEqual({ ...expected, nudges: 1 });
    expect(events.filter(({ to }) => to === expected.to)).toHaveLength(1);
    const isFollowed =
      ['superseded', 'replaced'].includes(expected.to) && expected.reason !== 'environment_destroyed';
    expect(await all.successorOf(id)).toEqual(isFollowed ? expect.stringMatching(/^dep_/) : null);
    // Once more changes nothing.
    expect(await all.countedBy(() => end().catch(() => undefined))).toEqual({});
    expect(await all.eventsOf(id)).toEqual(events);
  });
});

describe('the events of a deployment', () => {
  it('tell its whole way, each beginning where the one before ended', async () => {
    const id = await all.reach('live');
    await all.reach('live');
    const events = await all.eventsOf(id);
    expect(events.map(({ from, to, actor }) => [from, to, actor])).toEqual([
      [null, 'queued', 'github'],
      ['queued', 'building', 'system'],
      ['building', 'deploying', 'system'],
      ['deploying', 'live', 'system'],
      ['live', 'replaced', 'system'],
    ]);
    expect(events.every(({ nudges }) => nudges === 1)).toBe(true);
  });

  it('do not tell of a second builder that takes over: the status stays', async () => {
    const id = await all.reach('building');
    await all.loseBuilder(id);
    await all.claim(id, 2);
    expect((await all.eventsOf(id)).filter(({ to }) => to === 'building')).toHaveLength(1);
  });

  it('are neither there nor counted when their transaction is rolled back', async () => {
    const id = await all.reach('building');
    const before = await all.eventsOf(id);
    const failing = all.countedBy(() =>
      all
        .run(async (transaction) => {
          expect(await cancelDeployment(transaction, id, all.environmentId, BY_REQUEST)).toBe('cancelled');
          throw new Error('the caller failed');
        })
        .catch((error: unknown) => expect(error).toMatchObject({ message: 'the caller failed' })),
    );
    expect(await failing).toEqual({});
    expect(await all.eventsOf(id)).toEqual(before);
  });

  it('are neither there nor counted when Postgres refuses the commit', async () => {
    const id = await all.reach('building');
    const before = await all.eventsOf(id);
    const counted = await all.countedBy(() =>
      expect(
        all.run(async (transaction) => {
          await cancelDeployment(transaction, id, all.environmentId, BY_REQUEST);
          const { manager } = transaction;
          await manager.query('CREATE TEMPORARY TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
          await manager.query('INSERT INTO once VALUES (1), (1)');
        }),
      ).rejects.toMatchObject({ code: '23505' }),
    );
    expect(counted).toEqual({});
    expect(await all.eventsOf(id)).toEqual(before);
  });

  it('are there once, and counted once, when their transaction is run again after a deadlock', async () => {
    const id = await all.reach('building');
    let attempts = 0;
    const counted = await all.countedBy(() =>
      all.run(async (transaction) => {
        attempts += 1;
        await cancelDeployment(transaction, id, all.environmentId, BY_REQUEST);
        if (attempts === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      }),
    );
    expect([attempts, counted]).toEqual([2, { cancelled: 1 }]);
    expect((await all.eventsOf(id)).at(-1)).toMatchObject({ to: 'cancelled', nudges: 1 });
  });
});

it('of several ends that are tried at the same moment, one is recorded and counted', async () => {
  for (let round = 0; round < 8; round++) {
    all = await DeploymentsUnderWay.begin(database);
    const id = await all.reach('deploying');
    await all.lease();
    const counted = await all.countedBy(() =>
      Promise.all([
        all.cancel(id),
        all.run((transaction) => failRollout(transaction, all.rollout(id), EXITED)),
        all.run((transaction) => finishRollout(transaction, all.rollout(id), 0)),
        all.cancel(id),
        all.destroy(),
      ]),
    );
    const ends = (await all.eventsOf(id)).filter(({ from }) => from === 'deploying');
    expect(ends).toHaveLength(1);
    expect(counted).toEqual({ [ends[0]?.to ?? '']: 1 });
  }
});
