import { describe, expect, it } from 'vitest';
import { endedOutOfMemory } from './out-of-memory.js';

const HOUR_BEFORE = '2026-01-01T00:00:00.000Z';
const JUST_BEFORE = '2026-01-01T00:59:58.000Z';
const END = '2026-01-01T01:00:00.000Z';

describe('endedOutOfMemory', () => {
  it.each<[string, boolean, { exitCode: number; isOutOfMemory?: boolean; killedAt?: string; text?: string }]>(
    [
      ['an exit', false, { exitCode: 1 }],
      ['a kill by somebody', false, { exitCode: 137 }],
      ['a kill for its memory', true, { exitCode: 137, killedAt: JUST_BEFORE }],
      ['a kill for its memory that no event told of', true, { exitCode: 137, isOutOfMemory: true }],
      ['an exit after a child was killed for its memory', true, { exitCode: 1, killedAt: JUST_BEFORE }],
      [
        'an exit an hour after a child was killed for its memory',
        false,
        { exitCode: 1, isOutOfMemory: true, killedAt: HOUR_BEFORE },
      ],
      [
        'a kill an hour after a child was',
        true,
        { exitCode: 137, isOutOfMemory: true, killedAt: HOUR_BEFORE },
      ],
      [
        'a full heap of Node.js',
        true,
        {
          exitCode: 134,
          text: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
        },
      ],
      [
        'a full heap of Java',
        true,
        { exitCode: 3, text: 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space' },
      ],
      ['a full heap that it got over', false, { exitCode: 0, text: 'caught java.lang.OutOfMemoryError' }],
    ],
  )('of %s is %j', (_name, expected, { exitCode, isOutOfMemory = false, killedAt = null, text = '' }) => {
    const lines = [{ time: END, stream: 'stderr' as const, text }];
    expect(endedOutOfMemory({ exitCode, isOutOfMemory, endedAt: END }, killedAt, lines)).toBe(expected);
  });
});
