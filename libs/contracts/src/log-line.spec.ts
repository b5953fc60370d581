import { describe, expect, it } from 'vitest';
import { formatLogCursor, parseLogCursor } from './log-line.js';

describe('parseLogCursor', () => {
  it('round-trips a cursor through its text form', () => {
    expect(parseLogCursor(formatLogCursor({ writer: 2, sequence: 41 }))).toEqual({ writer: 2, sequence: 41 });
  });

  it.each(['', '1', '1-', '-1', 'a-b', '1-2-3', '1-2\n', `1-${'9'.repeat(40)}`])(
    'rejects the malformed cursor %j',
    (text) => {
      expect(parseLogCursor(text)).toBeNull();
    },
  );
});
