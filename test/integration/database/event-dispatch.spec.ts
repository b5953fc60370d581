import { EventsRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Event } from '../../../apps/integrations/src/events/event-consumer.js';
import { EventDispatcher } from '../../../apps/integrations/src/events/event-dispatcher.js';
import {
  DeploymentEventHandler,
  EnvironmentEventHandler,
} from '../../../apps/integrations/src/events/event.handlers.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';

const { signal } = new AbortController();
let database: TestDatabase;
let events: EventsRepository;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  events = new EventsRepository(database.unitOfWork);
});
afterAll(() => database.drop());

let consumed: Event[];
let isAway: boolean;
beforeEach(() => {
  consumed = [];
  isAway = false;
});
const dispatcher = new EventDispatcher([
  {
    name: 'a consumer',
    consume: (event) => {
      if (isAway) return Promise.reject(new Error('it is away'));
      consumed.push(event);
      return Promise.resolve();
    },
  },
]);

/** Creates a deployment and its environment; returns the first event of each, with the given age in minutes. */
async function twoEvents(minutesAgo: number) {
  const { id, environmentId } = await createQueuedDeployment(database);
  const age = `now() - make_interval(mins => ${minutesAgo})`;
  const [[deployment], [environment]] = await Promise.all([
    database.dataSource.query<[{ seq: string }[], number]>(
      `UPDATE deployment_events SET at = ${age} WHERE deployment_id = $1 RETURNING seq`,
      [id],
    ),
    database.dataSource.query<[{ seq: string }[], number]>(
      `UPDATE environment_events SET at = ${age} WHERE environment_id = $1 RETURNING seq`,
      [environmentId],
    ),
  ]);
  return { id, environmentId, deployment: deployment[0]?.seq ?? '', environment: environment[0]?.seq ?? '' };
}
const dispatch = async ({ deployment, environment }: { deployment: string; environment: string }) => {
  await new DeploymentEventHandler(events, dispatcher).handle({ seq: deployment }, signal);
  await new EnvironmentEventHandler(events, dispatcher).handle({ seq: environment }, signal);
};
/** Returns which of two events a sweep would re-enqueue. */
const undispatched = async ({ deployment, environment }: { deployment: string; environment: string }) => {
  const left = await events.findUndispatched(30_000);
  const has = (name: string, seq: string) =>
    left.some((job) => job.name === name && 'seq' in job.payload && job.payload.seq === seq);
  return [has('deployment-event', deployment), has('environment-event', environment)];
};

describe('event dispatch', () => {
  it('hands an event to the consumers and marks it as dispatched', async () => {
    const two = await twoEvents(5);
    expect(await undispatched(two)).toEqual([true, true]);
    await dispatch(two);
    expect(consumed).toMatchObject([
      { of: 'deployment', event: { deploymentId: two.id, data: { to: 'queued' }, actor: 'github' } },
      { of: 'environment', event: { environmentId: two.environmentId, data: { to: 'pending' } } },
    ]);
    expect(await undispatched(two)).toEqual([false, false]);
  });

  it('keeps an event undispatched when a consumer fails, so that it is retried', async () => {
    const two = await twoEvents(5);
    isAway = true;
    await expect(dispatch(two)).rejects.toThrow('it is away');
    expect(await undispatched(two)).toEqual([true, true]);
    isAway = false;
    await dispatch(two);
    expect(await undispatched(two)).toEqual([false, false]);
  });

  it('does not re-enqueue an event that is recent or more than a day old', async () => {
    expect(await undispatched(await twoEvents(0))).toEqual([false, false]);
    expect(await undispatched(await twoEvents(25 * 60))).toEqual([false, false]);
  });

  it('hands nothing to the consumers once the event has been deleted', async () => {
    await dispatch({ deployment: '999999', environment: '999999' });
    expect(consumed).toEqual([]);
  });
});
