import { describe, expect, it } from 'vitest';
import { normalizeRepositoryPath, PathOutsideRepositoryError } from './repository-path.js';

describe('normalizeRepositoryPath', () => {
  it.each([
    ['', ''],
    ['.', ''],
    ['./', ''],
    ['./apps//web/', 'apps/web'],
    ['Dockerfile', 'Dockerfile'],
    ['..a/b..', '..a/b..'],
    ['-c', '-c'],
    ['größe/日本', 'größe/日本'],
  ])('normalizes %j to %j', (path, normal) => {
    expect(normalizeRepositoryPath(path)).toBe(normal);
  });

  it.each(['/etc/passwd', '..', 'a/../../b', 'a/..', 'a\nb', 'a\0b', 'x/'.repeat(3000)])(
    'rejects %j',
    (path) => {
      expect(() => normalizeRepositoryPath(path)).toThrow(PathOutsideRepositoryError);
    },
  );
});
