import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapChanges, type MapEntry } from './map-changes.js';

describe('mapChanges', () => {
  it('changes only what differs', () => {
    const present = [
      { host: 'same', target: 'a:1' },
      { host: 'moved', target: 'a:1' },
      { host: 'gone', target: 'a:1' },
    ];
    const desired = new Map([
      ['same', 'a:1'],
      ['moved', 'b:1'],
      ['new', 'c:1'],
    ]);
    expect(mapChanges(present, desired)).toEqual({
      add: [{ host: 'new', target: 'c:1' }],
      change: [{ host: 'moved', target: 'b:1' }],
      remove: ['gone'],
    });
  });

  it('changes a host whose entries disagree, even when the first is the desired one', () => {
    const present = [
      { host: 'twice', target: 'a:1' },
      { host: 'twice', target: 'b:1' },
    ];
    expect(mapChanges(present, new Map([['twice', 'a:1']])).change).toEqual([
      { host: 'twice', target: 'a:1' },
    ]);
  });

  it('always produces the desired map', () => {
    const host = fc.constantFrom('a', 'b', 'c', 'd');
    const target = fc.constantFrom('x:1', 'y:1', 'z:1');
    fc.assert(
      fc.property(
        fc.array(fc.record({ host, target })),
        fc.array(fc.tuple(host, target)).map((pairs) => new Map(pairs)),
        (present, desired) => {
          expect(apply(present, desired)).toEqual(desired);
        },
      ),
    );
  });
});

/** Applies the changes as HAProxy would: `set` alters all entries of a host, `del` removes them all. */
function apply(present: readonly MapEntry[], desired: Map<string, string>): Map<string, string> {
  const { add, change, remove } = mapChanges(present, desired);
  const left = present.filter(({ host }) => !remove.includes(host));
  const changed = left.map((entry) => change.find(({ host }) => host === entry.host) ?? entry);
  return new Map([...changed, ...add].map(({ host, target }) => [host, target]));
}
