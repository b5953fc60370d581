import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchGlobProblem, matchesBranch } from './branch-glob.js';

describe('a glob of branches', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['main', 'Main', false],
    ['*', 'main', true],
    ['*', 'feature/x', false],
    ['**', 'feature/x', true],
    ['feature/*', 'feature/x', true],
    ['feature/*', 'feature/x/y', false],
    ['feature/*', 'feature/', false],
    ['feature/**', 'feature/x/y', true],
    ['*/hotfix-?', 'team/hotfix-1', true],
    ['release-[0-9]*', 'release-12', true],
    ['{dev,stage}/*', 'stage/x', true],
    ['*', '.hidden', true],
    ['ünï/*', 'ünï/çödé', true],
    ['!main', 'dev', false],
    ['!main', '!main', true],
    ['a(b)*', 'a(b)c', true],
    ['@(a)*', 'a', false],
    ['+(a)*', 'aaa', false],
    ['"a"*', '"a"b', true],
    ['a|b*', 'a', false],
    ['a.b*', 'axb', false],
    ['(a+)+*', 'aaaa', false],
    ['a\\*', 'a*', false],
  ])('%s on %s: %s', (glob, branch, expected) => {
    expect(matchesBranch(glob, branch)).toBe(expected);
  });

  it.each([
    ['', /1 to 255/],
    ['x'.repeat(256), /1 to 255/],
    ['a\0b', /control/],
    ['a\nb', /control/],
    ['\ud800', /control/],
    ['*a*a*a*b', /at most 3/],
    ['{a,b}{a,b}*{a,b}', /at most 3/],
    ['[z-a]', /must be a branch/],
  ])('%j is none', (glob, problem) => {
    expect(branchGlobProblem(glob)).toMatch(problem);
  });

  it('takes the very name of a branch, whatever is in it', () => {
    const characters = fc.constantFrom(...Array.from('ab/.-_{}()!@+$"\',;%#|&ü🚀'));
    const name = fc.array(characters, { minLength: 1, maxLength: 60 }).map((some) => some.join(''));
    fc.assert(fc.property(name, (branch) => matchesBranch(branch, branch)));
    fc.assert(
      fc.property(name, name, (glob, branch) => {
        if (!/[{}]/.test(glob)) expect(matchesBranch(glob, branch)).toBe(glob === branch);
      }),
    );
  });

  it('that was made to be slow ends soon, on the longest of names', () => {
    const wild = fc.array(
      fc.constantFrom('*', '**', '?', 'a', 'aa', '/', '{a,aa}', '{a*,*a}', '[a]', '(a+)+'),
      {
        maxLength: 20,
      },
    );
    const names = ['a'.repeat(255), 'a/'.repeat(127), `${'aa/'.repeat(80)}b`];
    fc.assert(
      fc.property(
        wild.map((parts) => `${parts.join('')}b`).filter((glob) => branchGlobProblem(glob) === null),
        fc.constantFrom(...names),
        (glob, name) => {
          const started = performance.now();
          matchesBranch(glob, name);
          expect(performance.now() - started).toBeLessThan(1_000);
        },
      ),
    );
    const started = performance.now();
    for (const glob of ['*a*a*ab', '**/*a*a*b', '?*?*?*b', '{a,aa}*a*b', '***a***a***ab']) {
      for (const name of names) matchesBranch(glob, name);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
