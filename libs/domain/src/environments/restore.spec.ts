import { describe, expect, it } from 'vitest';
import { checkRestore, type RestoreFacts } from './restore.js';

const facts = (over: Partial<RestoreFacts>): RestoreFacts => ({
  status: 'running',
  desiredState: 'running',
  isAsleep: false,
  hasLiveVersion: true,
  isResetting: false,
  restoringGeneration: null,
  requestedGeneration: 3,
  ...over,
});

describe('checkRestore', () => {
  it.each<[string, Partial<RestoreFacts>, 'do' | 'same' | 'refuse']>([
    ['a running environment', {}, 'do'],
    ['a backup that does not exist', { requestedGeneration: null }, 'refuse'],
    ['a restore of the same backup in progress', { isResetting: true, restoringGeneration: 3 }, 'same'],
    ['a restore of another backup in progress', { isResetting: true, restoringGeneration: 2 }, 'refuse'],
    ['a reset in progress', { isResetting: true }, 'refuse'],
    ['a paused environment', { status: 'paused', desiredState: 'paused' }, 'refuse'],
    ['an environment that failed to start', { status: 'failed' }, 'do'],
    ['an environment that never came up', { status: 'pending' }, 'refuse'],
    ['an environment that is being destroyed', { status: 'destroying', desiredState: 'destroyed' }, 'refuse'],
  ])('judges a restore with %s (%j): %s', (_, over, verdict) => {
    expect(checkRestore(facts(over)).kind).toBe(verdict);
  });
});
