import { cancelDeployment, failRollout, finishRollout } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { BY_REQUEST } from '../../support/rows.js';
import { ENDINGS, EXITED } from './deployment-endings.js';
import { DeploymentFixture } from './deployment-fixture.js';

let database: TestDatabase;
let fixture: DeploymentFixture;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
beforeEach(async () => {
  // A running build is not superseded while others wait for their turn.
  await database.dataSource.query(`UPDATE deployments SET status = 'cancelled' WHERE status = 'queued'`);
  fixture = await DeploymentFixture.create(database);
});
afterAll(() => database.drop());

describe('the end of a deployment', () => {
  it.each(ENDINGS)(
    'ends a deployment with one event, one job and one count on $name',
    async ({ prepare, expected, counted }) => {
      const { id, end } = await prepare(fixture);
      expect(await fixture.countedBy(end)).toEqual(counted);
      const events = await fixture.eventsOf(id);
      expect(events.at(-1)).toEqual({ ...expected, jobs: 1 });
      expect(events.filter(({ to }) => to === expected.to)).toHaveLength(1);
      const isFollowed =
        ['superseded', 'replaced'].includes(expected.to) && expected.reason !== 'environment_destroyed';
      expect(await fixture.successorOf(id)).toEqual(isFollowed ? expect.stringMatching(/^dep_/) : null);
      // Repeating it changes nothing.
      expect(await fixture.countedBy(() => end().catch(() => undefined))).toEqual({});
      expect(await fixture.eventsOf(id)).toEqual(events);
    },
  );
});

describe('deployment events', () => {
  it('records every status change of a deployment, each from the status before it', async () => {
    const id = await fixture.reach('live');
    await fixture.reach('live');
    const events = await fixture.eventsOf(id);
    expect(events.map(({ from, to, actor }) => [from, to, actor])).toEqual([
      [null, 'queued', 'github'],
      ['queued', 'building', 'system'],
      ['building', 'deploying', 'system'],
      ['deploying', 'live', 'system'],
      ['live', 'replaced', 'system'],
    ]);
    expect(events.every(({ jobs }) => jobs === 1)).toBe(true);
  });

  it('records no event when a second builder takes over, since the status stays the same', async () => {
    const id = await fixture.reach('building');
    await fixture.loseBuilder(id);
    await fixture.claim(id, 2);
    expect((await fixture.eventsOf(id)).filter(({ to }) => to === 'building')).toHaveLength(1);
  });

  it('records and counts nothing when the transaction is rolled back', async () => {
    const id = await fixture.reach('building');
    const before = await fixture.eventsOf(id);
    const failing = fixture.countedBy(() =>
      fixture
        .run(async (transaction) => {
          expect(await cancelDeployment(transaction, id, fixture.environmentId, BY_REQUEST)).toBe(
            'cancelled',
          );
          throw new Error('the caller failed');
        })
        .catch((error: unknown) => expect(error).toMatchObject({ message: 'the caller failed' })),
    );
    expect(await failing).toEqual({});
    expect(await fixture.eventsOf(id)).toEqual(before);
  });

  it('records and counts nothing when Postgres rejects the commit', async () => {
    const id = await fixture.reach('building');
    const before = await fixture.eventsOf(id);
    const counted = await fixture.countedBy(() =>
      expect(
        fixture.run(async (transaction) => {
          await cancelDeployment(transaction, id, fixture.environmentId, BY_REQUEST);
          const { manager } = transaction;
          await manager.query('CREATE TEMPORARY TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
          await manager.query('INSERT INTO once VALUES (1), (1)');
        }),
      ).rejects.toMatchObject({ code: '23505' }),
    );
    expect(counted).toEqual({});
    expect(await fixture.eventsOf(id)).toEqual(before);
  });

  it('records and counts a change once when its transaction is retried after a deadlock', async () => {
    const id = await fixture.reach('building');
    let attempts = 0;
    const counted = await fixture.countedBy(() =>
      fixture.run(async (transaction) => {
        attempts += 1;
        await cancelDeployment(transaction, id, fixture.environmentId, BY_REQUEST);
        if (attempts === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      }),
    );
    expect([attempts, counted]).toEqual([2, { cancelled: 1 }]);
    expect((await fixture.eventsOf(id)).at(-1)).toMatchObject({ to: 'cancelled', jobs: 1 });
  });
});

it('records and counts one of several concurrent attempts to end a deployment', async () => {
  for (let round = 0; round < 8; round++) {
    fixture = await DeploymentFixture.create(database);
    const id = await fixture.reach('deploying');
    await fixture.lease();
    const counted = await fixture.countedBy(() =>
      Promise.all([
        fixture.cancel(id),
        fixture.run((transaction) => failRollout(transaction, fixture.rollout(id), EXITED)),
        fixture.run((transaction) => finishRollout(transaction, fixture.rollout(id), 0)),
        fixture.cancel(id),
        fixture.destroy(),
      ]),
    );
    const ends = (await fixture.eventsOf(id)).filter(({ from }) => from === 'deploying');
    expect(ends).toHaveLength(1);
    expect(counted).toEqual({ [ends[0]?.to ?? '']: 1 });
  }
});
