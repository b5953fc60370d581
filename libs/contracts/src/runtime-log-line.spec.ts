import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareRuntimeLogPlaces,
  formatRuntimeLogCursor,
  millisecondsOf,
  nanosecondsOf,
  parseRuntimeLogCursor,
  placeAt,
} from './runtime-log-line.js';

const DEPLOYMENT = `dep_0${'1'.repeat(25)}`;

describe('runtime log cursors', () => {
  it('round-trips a cursor through its text form', () => {
    const nanoseconds = fc.bigInt({ min: 0n, max: 9_999_999_999_999_999_999n }).map(String);
    fc.assert(
      fc.property(nanoseconds, fc.nat(999_999_999), (time, ordinal) => {
        const cursor = { nanoseconds: time, ordinal, deploymentId: DEPLOYMENT };
        expect(parseRuntimeLogCursor(formatRuntimeLogCursor(cursor))).toEqual(cursor);
      }),
    );
    const start = { nanoseconds: '0', ordinal: 0, deploymentId: null };
    expect(parseRuntimeLogCursor(formatRuntimeLogCursor(start))).toEqual(start);
  });

  it.each([
    '',
    '1-1',
    '0-0-',
    `1-1-${DEPLOYMENT}x`,
    `-1-1-${DEPLOYMENT}`,
    `1-1-${DEPLOYMENT}\n`,
    `${'9'.repeat(20)}-1-${DEPLOYMENT}`,
    `1-${'9'.repeat(10)}-${DEPLOYMENT}`,
    '1-1-env_01111111111111111111111111',
  ])('rejects the malformed cursor %j', (text) => {
    expect(parseRuntimeLogCursor(text)).toBeNull();
  });

  it('sorts places by nanosecond, then by index', () => {
    const at = (nanoseconds: string, ordinal: number) => ({ nanoseconds, ordinal });
    const sorted = [at('999', 9), at('1764154871675449988', 0), at('1764154871675449988', 1)];
    sorted.push(at('1764154871675449989', 0));
    expect([...sorted].reverse().sort(compareRuntimeLogPlaces)).toEqual(sorted);
  });

  it('parses engine timestamps with any number of decimals and rejects others', () => {
    expect(nanosecondsOf('2026-11-26T11:01:11.675449988Z')).toBe('1795690871675449988');
    expect(nanosecondsOf('2026-11-26T11:01:11.6Z')).toBe('1795690871600000000');
    expect(nanosecondsOf('2026-11-26T11:01:11Z')).toBe('1795690871000000000');
    for (const none of [
      '',
      'x',
      '2026-13-26T11:01:11Z',
      '2026-11-26T11:01:11+01:00',
      '1969-01-01T00:00:00Z',
    ]) {
      expect(nanosecondsOf(none)).toBeNull();
    }
    expect(millisecondsOf(placeAt(1_795_690_871_675))).toBe(1_795_690_871_675);
  });
});
