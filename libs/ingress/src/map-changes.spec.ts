import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapChanges, type MapEntry } from './map-changes.js';

describe('mapChanges', () => {
  it('changes only what differs', () => {
    const present = [
      { key: 'same', value: 'a:1' },
      { key: 'moved', value: 'a:1' },
      { key: 'gone', value: 'a:1' },
    ];
    const desired = new Map([
      ['same', 'a:1'],
      ['moved', 'b:1'],
      ['new', 'c:1'],
    ]);
    expect(mapChanges(present, desired)).toEqual({
      add: [{ key: 'new', value: 'c:1' }],
      change: [{ key: 'moved', value: 'b:1' }],
      remove: ['gone'],
    });
  });

  it('changes a key whose entries disagree, even when the first is the desired one', () => {
    const present = [
      { key: 'twice', value: 'a:1' },
      { key: 'twice', value: 'b:1' },
    ];
    expect(mapChanges(present, new Map([['twice', 'a:1']])).change).toEqual([{ key: 'twice', value: 'a:1' }]);
  });

  it('always produces the desired map', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const value = fc.constantFrom('x:1', 'y:1', 'z:1');
    fc.assert(
      fc.property(
        fc.array(fc.record({ key, value })),
        fc.array(fc.tuple(key, value)).map((pairs) => new Map(pairs)),
        (present, desired) => {
          expect(apply(present, desired)).toEqual(desired);
        },
      ),
    );
  });
});

/** Applies the changes as HAProxy would: `set` alters all entries of a key, `del` removes them all. */
function apply(present: readonly MapEntry[], desired: Map<string, string>): Map<string, string> {
  const { add, change, remove } = mapChanges(present, desired);
  const left = present.filter(({ key }) => !remove.includes(key));
  const changed = left.map((entry) => change.find(({ key }) => key === entry.key) ?? entry);
  return new Map([...changed, ...add].map(({ key, value }) => [key, value]));
}
