import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBranchGlob, isBranchSelected, matchesBranchGlob } from './branch-glob.js';

describe('matchesBranchGlob', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'Main', false],
    ['main', 'main2', false],
    ['*', 'main', true],
    ['*', 'feature/x', false],
    ['**', 'feature/x', true],
    ['feature/*', 'feature/x', true],
    ['feature/*', 'feature/', true],
    ['feature/*', 'feature/x/y', false],
    ['feature/**', 'feature/x/y', true],
    ['**/x', 'a/b/x', true],
    ['release-?', 'release-1', true],
    ['release-?', 'release-/', false],
    ['release-?', 'release-12', false],
    ['?', '🚀', true],
    ['a*b*c', 'a-b-c-b-c', true],
    ['a*b*c', 'a-b-c-b', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['!main', 'main', false],
    ['{a,b}', 'a', false],
    ['***', 'a/b', true],
  ])('answers for the glob %s and the branch %s: %s', (glob, branch, expected) => {
    expect(matchesBranchGlob(glob, branch)).toBe(expected);
  });

  it('agrees with the equivalent regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
    const branch = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
    fc.assert(
      fc.property(text, branch, (glob, name) => {
        const pattern = glob.replace(/\*\*+|\*|\?/g, (wild) =>
          wild === '?' ? '[^/]' : wild === '*' ? '[^/]*' : '[^]*',
        );
        expect(matchesBranchGlob(glob, name)).toBe(new RegExp(`^${pattern}$`).test(name));
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends quickly on a glob that would make a regular expression backtrack for years', () => {
    const before = performance.now();
    expect(matchesBranchGlob('*a'.repeat(120), 'a'.repeat(250) + 'b')).toBe(false);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('isBranchGlob', () => {
  it.each([
    ['main', true],
    ['**', true],
    ['feature/*', true],
    ['-x', true],
    ['größe-?', true],
    ['x'.repeat(255), true],
    ['', false],
    ['x'.repeat(256), false],
    ['bad..x', false],
    ['feature/', false],
    ['/feature', false],
    ['*.lock', false],
    ['[ab]', false],
    ['a b', false],
    ['a\0', false],
  ])('answers for %j: %s', (glob, expected) => {
    expect(isBranchGlob(glob)).toBe(expected);
  });
});

describe('isBranchSelected', () => {
  it.each([
    [[], [], true],
    [['main'], [], true],
    [['release/*'], [], false],
    [[], ['main'], false],
    [['*'], ['ma*'], false],
    [['*'], ['dependabot/**'], true],
  ])('answers for main, include %j and exclude %j: %s', (include, exclude, expected) => {
    expect(isBranchSelected({ include, exclude }, 'main')).toBe(expected);
  });
});
