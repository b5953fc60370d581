import { EventsRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Event } from '../../../apps/integrations/src/events/event-consumer.js';
import { EventDispatcher } from '../../../apps/integrations/src/events/event-dispatcher.js';
import {
  DeploymentEventHandler,
  EnvironmentEventHandler,
} from '../../../apps/integrations/src/events/event.handlers.js';
import { TestDatabase } from '../../support/database.js';
import { aQueuedDeployment } from '../../support/rows.js';

const { signal } = new AbortController();
let database: TestDatabase;
let events: EventsRepository;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  events = new EventsRepository(database.unitOfWork);
});
afterAll(() => database.drop());

let given: Event[];
let isAway: boolean;
beforeEach(() => {
  given = [];
  isAway = false;
});
const dispatcher = new EventDispatcher([
  {
    name: 'a consumer',
    consume: (event) => {
      if (isAway) return Promise.reject(new Error('it is away'));
      given.push(event);
      return Promise.resolve();
    },
  },
]);

/** The first event of a deployment and of its environment, as old as that. */
async function twoEvents(minutesAgo: number) {
  const { id, environmentId } = await aQueuedDeployment(database);
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
const passOn = async ({ deployment, environment }: { deployment: string; environment: string }) => {
  await new DeploymentEventHandler(events, dispatcher).handle({ seq: deployment }, signal);
  await new EnvironmentEventHandler(events, dispatcher).handle({ seq: environment }, signal);
};
/** Which of two events a sweep would re-enqueue. */
const leftOf = async ({ deployment, environment }: { deployment: string; environment: string }) => {
  const left = await events.findLeft(30_000);
  const has = (name: string, seq: string) => left.some((job) => job.name === name && job.payload.seq === seq);
  return [has('deployment-event', deployment), has('environment-event', environment)];
};

describe('an event', () => {
  it('is read and given to the consumers, and is not left then', async () => {
    const two = await twoEvents(5);
    expect(await leftOf(two)).toEqual([true, true]);
    await passOn(two);
    expect(given).toMatchObject([
      { of: 'deployment', event: { deploymentId: two.id, data: { to: 'queued' }, actor: 'github' } },
      { of: 'environment', event: { environmentId: two.environmentId, data: { to: 'pending' } } },
    ]);
    expect(await leftOf(two)).toEqual([false, false]);
  });

  it('is left when a consumer fails, so that it is given again', async () => {
    const two = await twoEvents(5);
    isAway = true;
    await expect(passOn(two)).rejects.toThrow('it is away');
    expect(await leftOf(two)).toEqual([true, true]);
    isAway = false;
    await passOn(two);
    expect(await leftOf(two)).toEqual([false, false]);
  });

  it('is left alone while it is on its way, and when it is no news any more', async () => {
    expect(await leftOf(await twoEvents(0))).toEqual([false, false]);
    expect(await leftOf(await twoEvents(25 * 60))).toEqual([false, false]);
  });

  it('is passed on to nobody once it is not kept any longer', async () => {
    await passOn({ deployment: '999999', environment: '999999' });
    expect(given).toEqual([]);
  });
});
