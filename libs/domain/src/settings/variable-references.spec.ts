import { describe, expect, it } from 'vitest';
import { expandVariables, hasReferences, referenceProblem } from './variable-references.js';

const INJECTED = { DATABASE_URL: 'postgres://a:b@postgres/c', NEXOS_BRANCH: '${{ TOKEN }}' };

describe('expandVariables', () => {
  it('replaces references to variables of users and of Nexos, also through each other', () => {
    const own = { URL: '${{ DATABASE_URL }}?sslmode=require', AGAIN: '<${{URL}}|${{ TOKEN }}>', TOKEN: 't' };
    expect(expandVariables(own, INJECTED)).toEqual({
      URL: 'postgres://a:b@postgres/c?sslmode=require',
      AGAIN: '<postgres://a:b@postgres/c?sslmode=require|t>',
      TOKEN: 't',
    });
  });

  it.each([
    '$TOKEN',
    '${TOKEN}',
    '$$',
    '$${TOKEN}',
    '${{}}',
    '${{ }}',
    '${{ 1A }}',
    '${{ a.b }}',
    '${{ a b }}',
    '${{\nTOKEN }}',
    '${ { TOKEN } }',
    '{{ TOKEN }}',
    '${{ TOKEN }',
    '$&$1$`',
    'a\r\n\u2028é🚀',
    '',
  ])('keeps every other value byte for byte: %j', (value) => {
    expect(expandVariables({ A: value, TOKEN: 't' }, {})).toEqual({ A: value, TOKEN: 't' });
  });

  it('searches neither inserted nor injected values for references', () => {
    const own = { A: '${{ NEXOS_BRANCH }}', TOKEN: 't', B: '$${{ BRACES }}', BRACES: '{{ TOKEN }}', C: '$&' };
    expect(expandVariables({ ...own, D: '${{ C }}' }, INJECTED)).toEqual({
      ...own,
      A: '${{ TOKEN }}',
      B: '${{ TOKEN }}',
      D: '$&',
    });
  });

  it.each<[Record<string, string>, string]>([
    [{ A: '${{ GONE }}' }, 'The environment variable A refers to GONE, which does not exist.'],
    [{ A: '${{ A }}' }, 'The environment variable A refers to itself.'],
    [{ X: '${{ A }}', A: '${{ B }}', B: '${{ A }}' }, 'variable A refers to itself through B'],
    [{ A: '${{ __proto__ }}' }, 'refers to __proto__, which does not exist'],
    [{ A: '${{ constructor }}' }, 'refers to constructor, which does not exist'],
  ])('names the variable whose references cannot be followed: %j', (own, message) => {
    expect(() => expandVariables(own, INJECTED)).toThrow(message);
  });

  it('stops before values that multiply fill the memory', () => {
    const names = Array.from({ length: 40 }, (_, i) => `V${i}`);
    const own = Object.fromEntries(names.map((name, i) => [name, `\${{ V${i + 1} }}`.repeat(10)]));
    expect(() => expandVariables({ ...own, V40: 'x' }, {})).toThrow('longer than 32768 characters');
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`W${i}`, '${{ LONG }}']));
    expect(() => expandVariables({ ...many, LONG: 'x'.repeat(30_000) }, {})).toThrow(
      'together with the others',
    );
  });

  it('accepts a long value without references, and names of built-in properties', () => {
    const own = JSON.parse(`{"__proto__": "p", "A": "\${{ __proto__ }}", "LONG": ""}`) as Record<
      string,
      string
    >;
    own.LONG = 'x'.repeat(40_000);
    expect(JSON.stringify(expandVariables(own, {}))).toBe(
      JSON.stringify(own).replace('${{ __proto__ }}', 'p'),
    );
  });
});

describe('referenceProblem', () => {
  it('finds a circle among many variables quickly', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `V${i}`);
    const own = Object.fromEntries(names.map((name, i) => [name, `\${{ V${(i + 1) % 1_000} }}`]));
    expect(referenceProblem(own, () => false)?.message).toMatch(/^refers to itself through V1, V2/);
    expect(referenceProblem({ ...own, V999: '${{ PORT }}' }, (name) => name === 'PORT')).toBeNull();
  });

  it('recognises values with references', () => {
    expect([hasReferences('a ${{ B }}'), hasReferences('a ${B}'), hasReferences('${{ A }}')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
