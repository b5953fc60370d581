import { describe, expect, it } from 'vitest';
import { hasSkipMark } from './skip-mark.js';

describe('hasSkipMark', () => {
  it.each([
    ['docs [skip ci]', true],
    ['docs\n\nLonger.\n[ci skip]\n', true],
    ['[Skip Nexos] docs', true],
    ['[nexos skip]', true],
    ['skip ci', false],
    ['[skip ci', false],
    ['[skip tests]', false],
    ['[skip  ci]', false],
    ['', false],
    [null, false],
  ])('answers for %j: %s', (message, expected) => {
    expect(hasSkipMark(message)).toBe(expected);
  });
});
