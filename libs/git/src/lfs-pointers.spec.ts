import { expect, it } from 'vitest';
import { isPointer } from './lfs-pointers.js';

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'1'.repeat(64)}\nsize 12\n`;

it.each<[string, string | null, boolean]>([
  ['a pointer', POINTER, true],
  ['a pointer with CRLF', POINTER.replaceAll('\n', '\r\n'), true],
  ['a text that quotes one', `This is a pointer:\n${POINTER}`, false],
  ['a pointer of another version', POINTER.replace('v1', 'v12'), false],
  ['an empty file', '', false],
  ['an unreadable file', null, false],
])('isPointer judges %s', (_, content, expected) => {
  expect(isPointer(content === null ? null : Buffer.from(content))).toBe(expected);
});
