import { randomUUID } from 'node:crypto';
import { BatchLoader } from '@nexos/database';
import type { NewDelivery } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { deliveryOf, Inbox } from '../../support/inbox.js';
import { aProject, jobsAbout, sha } from '../../support/rows.js';

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

let repository: string;
let counter = 0;
beforeEach(() => {
  repository = `Acme/inbox-${++counter}`;
});
const waiting = () =>
  database.rows<{ id: string; commit: string }>(
    `SELECT id, commit_sha AS commit FROM webhook_deliveries WHERE repository_key = $1 ORDER BY seq`,
    [repository.toLowerCase()],
  );

describe('deliveries that are accepted together', () => {
  it('keep their order, and have one job for each repository', async () => {
    const other = `acme/other-${counter}`;
    const pushes = [3, 1, 2].map((number) => ({ repository, after: sha(number) }));
    expect(await inbox.accept(...pushes, { repository: other })).toEqual([true, true, true, true]);
    expect((await waiting()).map(({ commit }) => commit)).toEqual([sha(3), sha(1), sha(2)]);
    for (const one of [repository.toLowerCase(), other]) {
      expect(await jobsAbout(database, one)).toEqual(['process-deliveries']);
    }
  });

  it('are accepted once where two have the same id', async () => {
    const id = randomUUID();
    const pushes = [
      { repository, id },
      { repository, after: sha(9) },
      { repository, id },
    ];
    expect(await inbox.accept(...pushes)).toEqual([true, true, false]);
    expect(await inbox.accept({ repository, id })).toEqual([false]);
    expect(await waiting()).toHaveLength(2);
  });

  it('do not suffer from one that the database refuses', async () => {
    const together = new BatchLoader<NewDelivery, boolean>((some) => inbox.deliveries.accept(some), {
      underWay: 1,
      items: 10,
    });
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((number) => {
        const delivery = deliveryOf({ repository, after: sha(number) });
        return together.about(number === 2 ? { ...delivery, branch: 'a\0b' } : delivery);
      }),
    );
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
      true,
      'failed',
      true,
    ]);
    expect((await waiting()).map(({ commit }) => commit)).toEqual([sha(1), sha(3)]);
  });

  it('in two processes, with the same ids in another order, are accepted once each', async () => {
    const another = await database.connectAnother();
    const there = new Inbox(another);
    const pushes = Array.from({ length: 30 }, (_, n) => ({
      repository,
      id: randomUUID(),
      after: sha(n + 1),
    }));
    try {
      // What Postgres ends to solve a deadlock is asked again one by one, as the API does.
      const acceptAll = async (side: Inbox, some: typeof pushes) => {
        const together = new BatchLoader<NewDelivery, boolean>((items) => side.deliveries.accept(items), {
          underWay: 2,
          items: 100,
        });
        return Promise.all(some.map((push) => together.about(deliveryOf(push))));
      };
      const [here, reversed] = await Promise.all([
        acceptAll(inbox, pushes),
        acceptAll(there, [...pushes].reverse()),
      ]);
      const elsewhere = [...reversed].reverse();
      expect(here.map((isNew, n) => Number(isNew) + Number(elsewhere[n]))).toEqual(pushes.map(() => 1));
      expect(await waiting()).toHaveLength(pushes.length);
    } finally {
      await another.destroy();
    }
  });

  it('come after all that were accepted before', async () => {
    for (let number = 1; number <= 5; number++) await inbox.accept({ repository, after: sha(number) });
    expect((await waiting()).map(({ commit }) => commit)).toEqual([1, 2, 3, 4, 5].map(sha));
  });
});

describe('a delivery of an event that Nexos does not act on', () => {
  it.each(['of a repository', null])('is ignored at once, and has no job: %s', async (given) => {
    const id = randomUUID();
    const [jobs] = await database.rows<{ count: string }>('SELECT count(*) FROM outbox');
    const delivery = {
      ...deliveryOf({ repository, id }),
      event: 'star',
      repository: given === null ? null : repository,
      branch: null,
      commitSha: null,
      body: null,
    };
    expect(await inbox.deliveries.accept([delivery])).toEqual([true]);
    expect(await inbox.find(id)).toMatchObject({ outcome: 'ignored', reason: 'event', results: [] });
    expect((await inbox.find(id)).processedAt).toBeInstanceOf(Date);
    expect(await database.rows('SELECT count(*) FROM outbox')).toEqual([jobs]);
    expect(await inbox.replay(id)).toBe(false);
  });

  it('does not keep an earlier push from telling the installation that it came through', async () => {
    const project = await aProject(database.dataSource.manager, { githubRepo: repository });
    const star = { ...deliveryOf({ repository }), event: 'star', branch: null, commitSha: null, body: null };
    await inbox.accept({ repository, installationId: 7 });
    await inbox.deliveries.accept([star]);
    expect(await inbox.find(star.id)).toMatchObject({
      results: [{ projectId: project.id, reason: 'event' }],
    });
    await inbox.drain(repository);
    expect(
      await database.rows('SELECT installation_id AS id FROM projects WHERE id = $1', [project.id]),
    ).toEqual([{ id: '7' }]);
  });
});
