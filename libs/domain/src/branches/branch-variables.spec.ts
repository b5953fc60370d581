import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { variablesOfBranch } from './branch-variables.js';

/** A trailing star matches anything. */
const matches = (glob: string, branch: string) =>
  glob.endsWith('*') ? branch.startsWith(glob.slice(0, -1)) : glob === branch;

describe('variablesOfBranch', () => {
  it.each<[string, string[], string, string | undefined]>([
    ['a variable of all branches', [''], 'main', ''],
    ['nothing when only other branches match', ['dev', 'feature/*'], 'main', undefined],
    ['a glob over all branches', ['', 'ma*'], 'main', 'ma*'],
    ['the exact name over a glob', ['main', 'main*', ''], 'main', 'main'],
    ['the exact name over a longer glob', ['f', 'f*', '*'], 'f', 'f'],
    ['the exact name of a branch that looks like a glob', ['*', 'a*', 'a*b*'], 'a*', 'a*'],
    ['the longer of two globs', ['*', 'feature/*', 'feat*'], 'feature/x', 'feature/*'],
    ['a variable of all branches when no glob matches', ['', 'feature/*'], 'x'.repeat(200), ''],
  ])('chooses %s', (_, branches, branch, chosen) => {
    for (const order of [branches, [...branches].reverse()]) {
      const variables = order.map((glob) => ({ key: 'A', branch: glob }));
      expect(variablesOfBranch(variables, branch, matches).map((one) => one.branch)).toEqual(
        chosen === undefined ? [] : [chosen],
      );
    }
  });

  it('chooses the first in character order among globs of equal length', () => {
    const variables = ['b?', 'a?', 'c?'].map((branch) => ({ key: 'A', branch }));
    expect(variablesOfBranch(variables, 'x', () => true)).toEqual([{ key: 'A', branch: 'a?' }]);
  });

  it('chooses key by key, including keys that every object inherits', () => {
    const variables = ['__proto__', 'constructor', 'A'].map((key) => ({ key, branch: '' }));
    expect(variablesOfBranch(variables, 'main', matches)).toEqual(variables);
  });

  it('chooses one variable for each key that matches, regardless of their order', () => {
    const text = fc.constantFrom('', '*', 'a', 'a*', 'ab', 'ab*', 'b*');
    const variable = fc.record({ key: fc.constantFrom('A', 'B', '__proto__'), branch: text });
    const unique = fc.uniqueArray(variable, { selector: ({ key, branch }) => `${key} ${branch}` });
    fc.assert(
      fc.property(unique, fc.constantFrom('a', 'ab', 'abc', 'b', 'c'), fc.nat(), (all, branch, turn) => {
        const chosen = variablesOfBranch(all, branch, matches);
        const fitting = all.filter((one) => one.branch === '' || matches(one.branch, branch));
        expect(new Set(chosen.map(({ key }) => key))).toEqual(new Set(fitting.map(({ key }) => key)));
        expect(chosen).toHaveLength(new Set(fitting.map(({ key }) => key)).size);
        for (const one of chosen) {
          const rivals = fitting.filter(({ key }) => key === one.key);
          if (rivals.some((rival) => rival.branch === branch)) expect(one.branch).toBe(branch);
          else expect(one.branch).toHaveLength(Math.max(...rivals.map((rival) => rival.branch.length)));
        }
        const turned = all.map((_, i) => all[(i + turn) % all.length]).filter((one) => one !== undefined);
        expect(new Set(variablesOfBranch(turned, branch, matches))).toEqual(new Set(chosen));
      }),
    );
  });
});
