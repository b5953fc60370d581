import { describe, expect, it } from 'vitest';
import { type StorageLevel, storageLevel } from './storage-level.js';

describe('storageLevel', () => {
  it.each<[used: number, before: StorageLevel, level: StorageLevel]>([
    [0, 'ok', 'ok'],
    [799, 'ok', 'ok'],
    [800, 'ok', 'nearly_full'],
    [999, 'ok', 'nearly_full'],
    [1000, 'ok', 'full'],
    [5000, 'nearly_full', 'full'],
  ])('with %i of 1000 MiB and %s before, is %s', (used, before, level) => {
    expect(storageLevel(used, 1000, before)).toBe(level);
  });

  it.each<[used: number, before: StorageLevel, level: StorageLevel]>([
    [960, 'full', 'full'],
    [940, 'full', 'nearly_full'],
    [760, 'nearly_full', 'nearly_full'],
    [740, 'nearly_full', 'ok'],
    [100, 'full', 'ok'],
  ])('falls only well below a threshold: %i of 1000 MiB after %s is %s', (used, before, level) => {
    expect(storageLevel(used, 1000, before)).toBe(level);
  });

  it('is ok without a limit', () => {
    expect(storageLevel(1_000_000, null, 'full')).toBe('ok');
  });
});
