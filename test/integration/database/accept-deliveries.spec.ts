import { randomUUID } from 'node:crypto';
import { BatchLoader } from '@nexos/database';
import type { NewDelivery } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { deliveryOf, Inbox } from '../../support/inbox.js';
import { insertProject, jobsAbout, sha } from '../../support/rows.js';

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

describe('DeliveriesRepository.accept', () => {
  it('keeps the order of deliveries accepted together and enqueues one job per repository', async () => {
    const other = `acme/other-${counter}`;
    const pushes = [3, 1, 2].map((number) => ({ repository, after: sha(number) }));
    expect(await inbox.accept(...pushes, { repository: other })).toEqual([true, true, true, true]);
    expect((await waiting()).map(({ commit }) => commit)).toEqual([sha(3), sha(1), sha(2)]);
    for (const one of [repository.toLowerCase(), other]) {
      expect(await jobsAbout(database, one)).toEqual(['process-deliveries']);
    }
  });

  it('accepts a delivery id once, within a batch and across batches', async () => {
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

  it('accepts the other deliveries of a batch when the database rejects one', async () => {
    const loader = new BatchLoader<NewDelivery, boolean>((batch) => inbox.deliveries.accept(batch), {
      concurrency: 1,
      items: 10,
    });
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((number) => {
        const delivery = deliveryOf({ repository, after: sha(number) });
        return loader.load(number === 2 ? { ...delivery, branch: 'a\0b' } : delivery);
      }),
    );
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
      true,
      'failed',
      true,
    ]);
    expect((await waiting()).map(({ commit }) => commit)).toEqual([sha(1), sha(3)]);
  });

  it('accepts each delivery once when two processes receive the same ids in opposite order', async () => {
    const otherDataSource = await database.connectAnother();
    const otherInbox = new Inbox(otherDataSource);
    const pushes = Array.from({ length: 30 }, (_, n) => ({
      repository,
      id: randomUUID(),
      after: sha(n + 1),
    }));
    try {
      // Like the API, retries a batch one by one when Postgres aborts it to resolve a deadlock.
      const acceptAll = async (side: Inbox, batch: typeof pushes) => {
        const loader = new BatchLoader<NewDelivery, boolean>((items) => side.deliveries.accept(items), {
          concurrency: 2,
          items: 100,
        });
        return Promise.all(batch.map((push) => loader.load(deliveryOf(push))));
      };
      const [here, reversed] = await Promise.all([
        acceptAll(inbox, pushes),
        acceptAll(otherInbox, [...pushes].reverse()),
      ]);
      const elsewhere = [...reversed].reverse();
      expect(here.map((isNew, n) => Number(isNew) + Number(elsewhere[n]))).toEqual(pushes.map(() => 1));
      expect(await waiting()).toHaveLength(pushes.length);
    } finally {
      await otherDataSource.destroy();
    }
  });

  it('keeps the order of deliveries accepted one after another', async () => {
    for (let number = 1; number <= 5; number++) await inbox.accept({ repository, after: sha(number) });
    expect((await waiting()).map(({ commit }) => commit)).toEqual([1, 2, 3, 4, 5].map(sha));
  });
});

describe('a delivery of an event that Nexos ignores', () => {
  it.each(['given', null])('ignores the event at once without a job (repository: %s)', async (given) => {
    const id = randomUUID();
    const [jobs] = await database.rows<{ count: string }>('SELECT count(*) FROM outbox');
    const delivery = {
      ...deliveryOf({ repository, id }),
      event: 'star',
      repository: given === null ? null : repository,
      branch: null,
      commitSha: null,
      ignoredReason: 'event' as const,
      body: null,
    };
    expect(await inbox.deliveries.accept([delivery])).toEqual([true]);
    expect(await inbox.find(id)).toMatchObject({ outcome: 'ignored', reason: 'event', results: [] });
    expect((await inbox.find(id)).processedAt).toBeInstanceOf(Date);
    expect(await database.rows('SELECT count(*) FROM outbox')).toEqual([jobs]);
    expect(await inbox.replay(id)).toBe(false);
  });

  it('sets the installation of a project from a push that waits behind an ignored event', async () => {
    const project = await insertProject(database.dataSource.manager, { githubRepo: repository });
    const nothing = { branch: null, commitSha: null, body: null, ignoredReason: 'event' as const };
    const star = { ...deliveryOf({ repository }), ...nothing, event: 'star' };
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
