import { describe, expect, it } from 'vitest';
import { mayConnect, type RepositoryPermission } from './repository-permission.js';

describe('mayConnect', () => {
  it.each<[boolean, RepositoryPermission, boolean]>([
    [true, 'none', false],
    [true, 'read', true],
    [true, 'write', true],
    [true, 'admin', true],
    [false, 'none', false],
    [false, 'read', false],
    [false, 'write', true],
    [false, 'admin', true],
  ])('if private is %s and the permission %s: %s', (isPrivate, permission, expected) => {
    expect(mayConnect({ isPrivate, permission })).toBe(expected);
  });
});
