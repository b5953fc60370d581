import { describe, expect, it } from 'vitest';
import { lookupBackOffMs } from './lookup-back-off.js';

describe('lookupBackOffMs', () => {
  it('doubles up to an hour for a repository that denies access', () => {
    const waits = [1, 2, 3, 4, 9, 50, 5_000].map((failures) =>
      lookupBackOffMs('repository_access_denied', failures),
    );
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000, 3_600_000, 3_600_000, 3_600_000]);
  });

  it('stays constant for an unreachable host', () => {
    expect([1, 10, 100].map((failures) => lookupBackOffMs('repository_unreachable', failures))).toEqual([
      15_000, 15_000, 15_000,
    ]);
  });
});
