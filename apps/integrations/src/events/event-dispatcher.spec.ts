import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Event, EventConsumer } from './event-consumer.js';
import { EventDispatcher } from './event-dispatcher.js';
import { EventLogConsumer } from './event-log.consumer.js';

const EVENT: Event = {
  of: 'deployment',
  event: {
    seq: '7',
    deploymentId: 'dep_1',
    projectId: 'proj_1',
    type: 'status',
    data: { from: 'building', to: 'failed' },
    actor: 'system',
    reason: 'builder_lost',
    at: new Date('2026-11-28T12:00:00Z'),
  },
};
const { signal } = new AbortController();

/** A consumer that records the events it receives. */
function aConsumer(name: string, fail?: Error): EventConsumer & { readonly received: Event[] } {
  const received: Event[] = [];
  return {
    name,
    received,
    consume: (event) => {
      received.push(event);
      return fail === undefined ? Promise.resolve() : Promise.reject(fail);
    },
  };
}

describe('EventDispatcher', () => {
  it('delivers an event to every consumer', async () => {
    const consumers = [aConsumer('one'), aConsumer('two')];
    await new EventDispatcher(consumers).dispatch(EVENT, signal);
    expect(consumers.map(({ received }) => received)).toEqual([[EVENT], [EVENT]]);
  });

  it('delivers an event to the others when one consumer fails, and throws an error that names it', async () => {
    const consumers = [aConsumer('one', new Error('Slack is unreachable')), aConsumer('two')];
    const dispatched = new EventDispatcher(consumers).dispatch(EVENT, signal);
    await expect(dispatched).rejects.toThrow(
      'could not deliver deployment event 7 to one: Slack is unreachable',
    );
    expect(consumers[1]?.received).toEqual([EVENT]);
  });

  it('delivers an event to the others when one consumer throws synchronously', async () => {
    const throwing: EventConsumer = {
      name: 'throwing',
      consume: () => {
        throw new Error('at once');
      },
    };
    const other = aConsumer('other');
    await expect(new EventDispatcher([throwing, other]).dispatch(EVENT, signal)).rejects.toThrow('at once');
    expect(other.received).toEqual([EVENT]);
  });
});

describe('EventLogConsumer', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each<[string, Event, string]>([
    ['a status change', EVENT, 'dep_1: building → failed, by system (builder_lost)'],
    [
      'a first status',
      { ...EVENT, event: { ...EVENT.event, data: { from: null, to: 'queued' }, reason: null } },
      'dep_1: new → queued, by system',
    ],
    [
      'a request',
      {
        of: 'environment',
        event: {
          seq: '8',
          environmentId: 'env_1',
          projectId: 'proj_1',
          type: 'requested',
          data: { action: 'pause' },
          actor: 'key_1',
          reason: 'requested',
          at: new Date(),
        },
      },
      'env_1: requested pause, by key_1 (requested)',
    ],
  ])('logs one line for %s', async (_, event, line) => {
    const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    await new EventLogConsumer().consume(event);
    expect(log.mock.calls).toMatchObject([[{ message: line, event: { seq: event.event.seq } }]]);
  });
});
