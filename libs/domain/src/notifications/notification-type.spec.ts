import { describe, expect, it } from 'vitest';
import { deploymentNotification, environmentNotifications, type PastEvent } from './notification-type.js';

const event = (type: string, data: PastEvent['data'], reason: string | null = null): PastEvent => ({
  type,
  data,
  reason,
});
const status = (from: string | null, to: string, reason: string | null = null) =>
  event('status', { from, to }, reason);
const health = (from: string | null, to: string) => event('health', { from, to });
const requested = (action: string) => event('requested', { action });

describe('deploymentNotification', () => {
  it.each([
    [null, 'queued', 'deployment.queued'],
    ['queued', 'building', 'deployment.building'],
    ['building', 'deploying', null],
    ['deploying', 'live', 'deployment.live'],
    ['live', 'replaced', null],
    ['building', 'failed', 'deployment.failed'],
    ['queued', 'cancelled', 'deployment.cancelled'],
    ['queued', 'superseded', 'deployment.cancelled'],
    ['queued', 'constructor', null],
  ])('from %s to %s is %s', (from, to, told) => {
    expect(deploymentNotification(status(from, to))).toBe(told);
  });

  it('tells nothing of events of another type', () => {
    expect(deploymentNotification(event('note', { to: 'live' }))).toBeNull();
  });
});

describe('environmentNotifications', () => {
  it.each<[string, PastEvent[], (string | null)[]]>([
    [
      'the creation, the first version and the end',
      [
        status(null, 'pending'),
        status('pending', 'running'),
        health(null, 'healthy'),
        status('running', 'destroying'),
        status('destroying', 'destroyed'),
      ],
      ['environment.created', null, null, null, 'environment.destroyed'],
    ],
    [
      'sleep once it is asleep, and its end once it runs again',
      [
        requested('sleep'),
        status('running', 'pausing'),
        status('pausing', 'paused'),
        requested('wake'),
        status('paused', 'resuming'),
        status('resuming', 'running'),
      ],
      [null, null, 'environment.sleeping', null, null, 'environment.awake'],
    ],
    [
      'nothing of a pause that a user requested',
      [
        requested('sleep'),
        requested('pause'),
        status('pausing', 'paused'),
        requested('resume'),
        status('resuming', 'running'),
      ],
      [null, null, null, null, null],
    ],
    [
      'nothing of sleep that was over before it began',
      [requested('sleep'), status('running', 'pausing'), requested('wake'), status('resuming', 'running')],
      [null, null, null, null],
    ],
    [
      'a crash once, and the recovery from it once',
      [
        health('healthy', 'starting'),
        health('starting', 'crash_looping'),
        health('crash_looping', 'out_of_memory'),
        health('out_of_memory', 'starting'),
        health('starting', 'healthy'),
        health('healthy', 'unreachable'),
      ],
      [null, 'environment.crashed', null, null, 'environment.recovered', 'environment.crashed'],
    ],
    [
      'the recovery from a crash that is no longer known',
      [health('unreachable', 'unknown'), health('unknown', 'healthy')],
      [null, 'environment.recovered'],
    ],
    [
      'an app that does not start again after its sleep',
      [
        requested('sleep'),
        status('pausing', 'paused'),
        status('paused', 'resuming'),
        status('resuming', 'failed', 'health_check_failed'),
        status('failed', 'running'),
      ],
      [null, 'environment.sleeping', null, 'environment.crashed', 'environment.recovered'],
    ],
    [
      'nothing of an environment whose first deployment failed: the deployment tells',
      [status(null, 'pending'), status('pending', 'failed', 'deployment_failed')],
      ['environment.created', null],
    ],
    [
      'build minutes that run out',
      [event('build_minutes', { from: 'ok', to: 'nearly_used_up' })],
      ['account.build_minutes'],
    ],
    [
      'nothing of other events',
      [event('execution', { from: null, to: 'queued' }), event('database_reset', { generation: 2 })],
      [null, null],
    ],
  ])('tells of %s', (_, events, told) => {
    expect(environmentNotifications(events)).toEqual(told);
  });
});
