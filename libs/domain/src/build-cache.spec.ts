import { describe, expect, it } from 'vitest';
import { buildOfRecord, cacheToGiveUp, type CacheRecord } from './build-cache.js';

/** A record of ten bytes that was last used at that second. */
function aRecord(id: string, second: number, replaced: Partial<CacheRecord> = {}): CacheRecord {
  const lastUsedAt = new Date(1_000 * second);
  return { id, parents: [], sizeBytes: 10, lastUsedAt, isInUse: false, isShared: false, ...replaced };
}
const idsOf = (records: readonly CacheRecord[]) => records.map(({ id }) => id);

describe('what a project gives up of the build cache', () => {
  it('is nothing while it fits', () => {
    const all = [aRecord('a', 1), aRecord('b', 2)];
    expect(cacheToGiveUp(all, all, 20)).toEqual([]);
  });

  it('is what was used longest ago, and no more than it takes', () => {
    const all = [aRecord('new', 3), aRecord('old', 1), aRecord('middle', 2)];
    expect(idsOf(cacheToGiveUp(all, all, 19))).toEqual(['old', 'middle']);
  });

  it('is never what something else lies upon, of whomever that is', () => {
    const foreign = aRecord('foreign', 9, { parents: ['base'] });
    const own = [aRecord('base', 1), aRecord('lower', 2), aRecord('upper', 3, { parents: ['lower'] })];
    expect(idsOf(cacheToGiveUp(own, [...own, foreign], 0))).toEqual(['upper', 'lower']);
  });

  it('is never what is in use, and what images have counts for them', () => {
    const all = [
      aRecord('busy', 1, { isInUse: true }),
      aRecord('layer', 2, { isShared: true, sizeBytes: 1_000 }),
      aRecord('free', 3),
    ];
    expect(cacheToGiveUp(all, all, 20)).toEqual([]);
    expect(idsOf(cacheToGiveUp(all, all, 0))).toEqual(['free']);
  });
});

describe('the build that a record is of', () => {
  const at = (second: number) => new Date(1_000 * second);
  const first = { projectId: 'first', from: at(10), to: at(30) };
  const second = { projectId: 'second', from: at(20), to: at(40) };
  const third = { projectId: 'third', from: at(40.1), to: null };

  it.each([
    ['before all of them', 5, null],
    ['while one ran', 15, 'first'],
    ['while two ran', 25, 'second'],
    ['right before another one began', 39.9, 'second'],
    ['while one still runs', 99, 'third'],
    ['right at the beginning, by a clock that is late', 9.5, 'first'],
  ])('%s', (_, when, projectId) => {
    expect(buildOfRecord(at(when), [first, second, third])?.projectId ?? null).toBe(projectId);
  });
});
