import { describe, expect, it } from 'vitest';
import { countSubnets, overlap, subnetAt } from './subnets.js';

describe('subnetAt', () => {
  it.each([
    ['10.64.0.0/12', 0, '10.64.0.0/24'],
    ['10.64.0.0/12', 1, '10.64.1.0/24'],
    ['10.64.0.0/12', 4_095, '10.79.255.0/24'],
    ['10.64.0.0/12', 4_096, '10.64.0.0/24'],
    ['192.168.7.0/24', 3, '192.168.7.0/24'],
    ['200.0.0.0/8', 65_535, '200.255.255.0/24'],
  ])('returns from %s as number %i %s', (pool, n, subnet) => {
    expect(subnetAt(pool, n)).toBe(subnet);
  });
});

describe('countSubnets', () => {
  it('counts the /24 of a pool', () => {
    expect(['10.64.0.0/12', '10.0.0.0/8', '10.0.0.0/24'].map(countSubnets)).toEqual([4_096, 65_536, 1]);
  });
});

describe('overlap', () => {
  it.each([
    ['10.64.0.0/24', '10.64.0.0/12', true],
    ['10.64.0.0/12', '10.79.255.0/24', true],
    ['10.64.0.0/24', '10.64.1.0/24', false],
    ['10.64.0.0/24', '10.63.255.0/24', false],
    ['0.0.0.0/0', '255.255.255.255/32', true],
    ['10.64.0.9/24', '10.64.0.200/30', true],
    ['10.64.0.0/24', 'fd00::/64', false],
    ['10.64.0.0/24', '', false],
  ])('of %s and %s is %s', (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });
});
