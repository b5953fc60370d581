import { newId } from '@nexos/domain';
import { describe, expect, it } from 'vitest';
import { networkName, newImageTag, serviceName } from './engine-names.js';

describe('engine names', () => {
  it('makes names that are DNS labels, even for the longest instance', () => {
    const instance = 'a234567890123456789z';
    for (const name of [
      serviceName(instance, newId('deployment'), 0),
      networkName(instance, newId('project')),
    ]) {
      expect(name).toMatch(/^nexos-a234567890123456789z-[a-z0-9-]{1,36}$/);
      expect(name.length).toBeLessThanOrEqual(63);
    }
    expect(serviceName('n', 'dep_01h', 0)).toBe('nexos-n-dep-01h');
    expect(serviceName('n', 'dep_01h', 2)).toBe('nexos-n-dep-01h-2');
  });

  it('refuses a name that is not a DNS label', () => {
    expect(() => serviceName('n', 'x'.repeat(60), 0)).toThrow(RangeError);
    expect(() => serviceName('n', 'a.b/c', 0)).toThrow(RangeError);
  });

  it('makes image tags that cannot be guessed', () => {
    const [first, second] = [newImageTag('n', 'dep_01h'), newImageTag('n', 'dep_01h')];
    expect(first).toMatch(/^nexos-n\/dep-01h:[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });
});
