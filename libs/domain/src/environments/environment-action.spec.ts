import { describe, expect, it } from 'vitest';
import { checkAction, type ActionFacts, type EnvironmentAction } from './environment-action.js';
import { ENVIRONMENT_STATUSES } from './environment-state.js';

const facts = (over: Partial<ActionFacts>): ActionFacts => ({
  status: 'running',
  desiredState: 'running',
  isResetting: false,
  isRestoring: false,
  isAsleep: false,
  hasDatabase: true,
  hasLiveVersion: true,
  hasFailed: false,
  ...over,
});

describe('checkAction', () => {
  it.each<[EnvironmentAction, Partial<ActionFacts>, 'do' | 'same' | 'refuse']>([
    ['pause', {}, 'do'],
    ['pause', { desiredState: 'paused' }, 'same'],
    ['pause', { status: 'paused', desiredState: 'paused' }, 'same'],
    ['pause', { status: 'paused', desiredState: 'running' }, 'do'],
    ['pause', { status: 'running', desiredState: 'paused', isAsleep: true }, 'do'],
    ['pause', { status: 'paused', desiredState: 'paused', isAsleep: true }, 'do'],
    ['pause', { status: 'pending' }, 'refuse'],
    ['pause', { status: 'failed', hasLiveVersion: false }, 'refuse'],
    ['pause', { status: 'failed', hasFailed: true }, 'do'],
    ['pause', { status: 'pausing', desiredState: 'paused' }, 'same'],
    ['resume', { status: 'failed', hasFailed: true }, 'do'],
    ['resume', { status: 'failed' }, 'same'],
    ['resume', { hasFailed: true }, 'do'],
    ['resume', { status: 'pausing' }, 'same'],
    ['resume', { status: 'failed', hasLiveVersion: false }, 'refuse'],
    ['reset', { hasFailed: true }, 'do'],
    ['reset', { status: 'failed', hasFailed: true }, 'do'],
    ['reset', { status: 'pausing' }, 'refuse'],
    ['reset', { status: 'resuming' }, 'refuse'],
    ['pause', { status: 'resuming' }, 'do'],
    ['resume', {}, 'same'],
    ['resume', { desiredState: 'paused' }, 'do'],
    ['resume', { status: 'paused', desiredState: 'paused' }, 'do'],
    ['resume', { status: 'paused', desiredState: 'running' }, 'same'],
    ['resume', { status: 'paused', desiredState: 'paused', isAsleep: true }, 'do'],
    ['resume', { status: 'pending' }, 'refuse'],
    ['reset', {}, 'do'],
    ['reset', { isResetting: true }, 'same'],
    ['reset', { isResetting: true, hasFailed: true, status: 'failed' }, 'do'],
    ['reset', { isResetting: true, isRestoring: true }, 'refuse'],
    ['reset', { hasDatabase: false }, 'refuse'],
    ['reset', { status: 'paused', desiredState: 'paused' }, 'refuse'],
    ['reset', { status: 'paused', desiredState: 'paused', isAsleep: true }, 'refuse'],
    ['rebuild', {}, 'do'],
    ['rebuild', { status: 'failed' }, 'do'],
    ['rebuild', { status: 'paused', desiredState: 'paused' }, 'do'],
  ])('judges %s with %j: %s', (action, over, verdict) => {
    expect(checkAction(action, facts(over)).kind).toBe(verdict);
  });

  it('refuses every action on a destroyed or disappearing environment and gives the reason', () => {
    for (const action of ['pause', 'resume', 'reset', 'rebuild'] as const) {
      for (const status of ENVIRONMENT_STATUSES.filter((one) => one.startsWith('destroy'))) {
        expect(checkAction(action, facts({ status, desiredState: 'destroyed' }))).toEqual({
          kind: 'refuse',
          reason: expect.stringContaining('destroyed') as string,
        });
      }
    }
  });
});
