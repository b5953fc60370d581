import { expect, it } from 'vitest';
import { cutText } from './cut-text.js';

it.each([
  ['abc', 'abc'],
  ['abcdef', 'abcd'],
  ['abc😀', 'abc'],
  ['ab😀c', 'ab😀'],
  ['', ''],
])('cuts %j to %j', (text, expected) => {
  expect(cutText(text, 4)).toBe(expected);
});
