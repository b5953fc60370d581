import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_COMMIT, comparePush, isNoCommit, type BranchHead, type PushMove } from './push-order.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);
const at = (second: number | null) => (second === null ? null : new Date(second * 1000));
const head = (before: string, sha: string, second: number | null): BranchHead => ({
  before,
  sha,
  pushedAt: at(second),
});
const push = (before: string | null, after: string, second: number | null): PushMove => ({
  before,
  after,
  pushedAt: at(second),
});

describe('isNoCommit', () => {
  it('recognizes both hash lengths, and rejects a commit that begins with zeros', () => {
    expect([NO_COMMIT, '0'.repeat(64), `${'0'.repeat(39)}1`, ''].map(isNoCommit)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('comparePush', () => {
  it.each([
    ['the first push of a branch', null, push(NO_COMMIT, A, 1), 'newer'],
    ['the next push', head(NO_COMMIT, A, 1), push(A, B, 2), 'newer'],
    ['the next push in the same second', head(NO_COMMIT, A, 1), push(A, B, 1), 'newer'],
    ['the previous push, late, in the same second', head(A, B, 1), push(NO_COMMIT, A, 1), 'older'],
    ['an older push, two steps behind', head(B, C, 3), push(NO_COMMIT, A, 1), 'older'],
    ['a newer push after a skipped one', head(NO_COMMIT, A, 1), push(B, C, 3), 'newer'],
    ['a push after one skipped within the same second', head(NO_COMMIT, A, 1), push(B, C, 1), 'in-doubt'],
    ['the same push again', head(NO_COMMIT, A, 1), push(NO_COMMIT, A, 1), 'same'],
    ['a push without a time that follows the head', head(NO_COMMIT, A, 1), push(A, B, null), 'newer'],
    [
      'a push without a time that does not follow the head',
      head(NO_COMMIT, A, 1),
      push(B, C, null),
      'in-doubt',
    ],
    ['a push that follows the head but is older by time', head(A, B, 5), push(B, C, 4), 'in-doubt'],
    ['force pushes back and forth within one second', head(A, B, 1), push(B, A, 1), 'in-doubt'],
    ['a deletion', head(NO_COMMIT, A, 1), push(A, NO_COMMIT, 2), 'newer'],
    ['a late deletion of a branch pushed again', head(NO_COMMIT, B, 3), push(A, NO_COMMIT, 2), 'older'],
    ['a deletion without a previous commit', head(NO_COMMIT, A, 1), push(null, NO_COMMIT, 2), 'newer'],
    [
      'a deletion without a previous commit in the same second as the push',
      head(NO_COMMIT, A, 1),
      push(null, NO_COMMIT, 1),
      'in-doubt',
    ],
    ['a push after the deletion', head(A, NO_COMMIT, 2), push(NO_COMMIT, B, 3), 'newer'],
    ['a push from before the deletion', head(A, NO_COMMIT, 2), push(NO_COMMIT, A, 1), 'older'],
  ] as const)('judges %s', (_name, before, move, verdict) => {
    expect(comparePush(before, move)).toBe(verdict);
  });

  it('never calls two pushes newer than each other', () => {
    const sha = fc.constantFrom(NO_COMMIT, A, B, C);
    const move = fc.record({ before: sha, after: sha, pushedAt: fc.constantFrom(at(1), at(2), null) });
    fc.assert(
      fc.property(move, move, (first, second) => {
        const forward = comparePush({ ...first, sha: first.after }, second);
        const backward = comparePush({ ...second, sha: second.after }, first);
        expect([forward, backward]).not.toEqual(['newer', 'newer']);
      }),
    );
  });
});
