import { describe, expect, it } from 'vitest';
import { judgeRestore, type RestoreFacts } from './restore.js';

const facts = (over: Partial<RestoreFacts>): RestoreFacts => ({
  status: 'running',
  desiredState: 'running',
  isAsleep: false,
  isResetting: false,
  restoring: null,
  wanted: 3,
  ...over,
});

describe('judgeRestore', () => {
  it.each<[string, Partial<RestoreFacts>, 'do' | 'same' | 'refuse']>([
    ['of a running environment is done', {}, 'do'],
    ['without a database that was put aside is refused', { wanted: null }, 'refuse'],
    ['that is under way is the same', { isResetting: true, restoring: 3 }, 'same'],
    ['while another one is brought back is refused', { isResetting: true, restoring: 2 }, 'refuse'],
    ['during a reset is refused', { isResetting: true }, 'refuse'],
    ['while it is paused is refused', { status: 'paused', desiredState: 'paused' }, 'refuse'],
    ['before anything came up is refused', { status: 'pending' }, 'refuse'],
    ['while it is destroyed is refused', { status: 'destroying', desiredState: 'destroyed' }, 'refuse'],
  ])('%s', (_, over, verdict) => {
    expect(judgeRestore(facts(over)).kind).toBe(verdict);
  });
});
