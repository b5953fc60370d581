import { describe, expect, it } from 'vitest';
import { findBuildOfRecord, cacheToEvict, type CacheRecord } from './build-cache.js';

/** A ten-byte record last used at the given second. */
function aRecord(id: string, second: number, replaced: Partial<CacheRecord> = {}): CacheRecord {
  const lastUsedAt = new Date(1_000 * second);
  return { id, parents: [], sizeBytes: 10, lastUsedAt, isInUse: false, isShared: false, ...replaced };
}
const idsOf = (records: readonly CacheRecord[]) => records.map(({ id }) => id);

describe('cacheToEvict', () => {
  it('evicts nothing while the cache fits', () => {
    const all = [aRecord('a', 1), aRecord('b', 2)];
    expect(cacheToEvict(all, all, 20)).toEqual([]);
  });

  it('evicts the least recently used records, and no more than needed', () => {
    const all = [aRecord('new', 3), aRecord('old', 1), aRecord('middle', 2)];
    expect(idsOf(cacheToEvict(all, all, 19))).toEqual(['old', 'middle']);
  });

  it('never evicts a record that another record depends on, no matter who owns it', () => {
    const foreign = aRecord('foreign', 9, { parents: ['base'] });
    const own = [aRecord('base', 1), aRecord('lower', 2), aRecord('upper', 3, { parents: ['lower'] })];
    expect(idsOf(cacheToEvict(own, [...own, foreign], 0))).toEqual(['upper', 'lower']);
  });

  it('never evicts a record in use, and does not count layers that images share', () => {
    const all = [
      aRecord('busy', 1, { isInUse: true }),
      aRecord('layer', 2, { isShared: true, sizeBytes: 1_000 }),
      aRecord('free', 3),
    ];
    expect(cacheToEvict(all, all, 20)).toEqual([]);
    expect(idsOf(cacheToEvict(all, all, 0))).toEqual(['free']);
  });
});

describe('findBuildOfRecord', () => {
  const at = (second: number) => new Date(1_000 * second);
  const first = { projectId: 'first', from: at(10), to: at(30) };
  const second = { projectId: 'second', from: at(20), to: at(40) };
  const third = { projectId: 'third', from: at(40.1), to: null };

  it.each([
    ['created before all builds', 5, null],
    ['created while one build ran', 15, 'first'],
    ['created while two builds ran', 25, 'second'],
    ['created right before another build began', 39.9, 'second'],
    ['created while a build still runs', 99, 'third'],
    ['created at the very start, by a clock that is behind', 9.5, 'first'],
  ])('finds the build of a record %s', (_, when, projectId) => {
    expect(findBuildOfRecord(at(when), [first, second, third])?.projectId ?? null).toBe(projectId);
  });
});
