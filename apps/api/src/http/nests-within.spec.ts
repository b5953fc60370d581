import { describe, expect, it } from 'vitest';
import { nestsWithin } from './nests-within.js';

describe('a value', () => {
  it.each([1, 'x', null, true, undefined])('that is none of objects nests nowhere: %s', (value) => {
    expect(nestsWithin(0, value)).toBe(true);
  });

  it('nests as deep as its deepest field', () => {
    const value = { a: 1, b: [{ c: [] }] };
    expect(nestsWithin(4, value)).toBe(true);
    expect(nestsWithin(3, value)).toBe(false);
  });

  it('may be deeper than the stack is', () => {
    expect(nestsWithin(32, JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`))).toBe(false);
  });
});
