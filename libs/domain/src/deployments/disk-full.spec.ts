import { describe, expect, it } from 'vitest';
import { mentionsDiskFull } from './disk-full.js';

describe('mentionsDiskFull', () => {
  it.each([
    "cp: error writing '/big': No space left on device",
    'Error: ENOSPC: no space left on device, write',
    'npm ERR! code ENOSPC',
    'write /x: disk quota exceeded',
    'EDQUOT',
  ])('recognizes a full disk in %j', (text) => {
    expect(mentionsDiskFull(text)).toBe(true);
  });

  it.each([
    "Error: ENOSPC: System limit for number of file watchers reached, watch '/app'",
    "  code: 'ENOSPC',",
    'npm ERR! code ENOENT',
  ])('recognizes no full disk in %j', (text) => {
    expect(mentionsDiskFull(text)).toBe(false);
  });
});
