import { describe, expect, it } from 'vitest';
import { saysDiskFull } from './disk-full.js';

describe('a text', () => {
  it.each([
    "cp: error writing '/big': No space left on device",
    'Error: ENOSPC: no space left on device, write',
    'npm ERR! code ENOSPC',
    'write /x: disk quota exceeded',
    'EDQUOT',
  ])('says that a disk is full: %s', (text) => {
    expect(saysDiskFull(text)).toBe(true);
  });

  it.each([
    "Error: ENOSPC: System limit for number of file watchers reached, watch '/app'",
    "  code: 'ENOSPC',",
    'npm ERR! code ENOENT',
  ])('says something else: %s', (text) => {
    expect(saysDiskFull(text)).toBe(false);
  });
});
