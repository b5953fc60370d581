import { describe, expect, it } from 'vitest';
import { AddressPool } from './address-pool.js';

const SUBNET = '10.64.3.0/24';
const takeAll = (pool: AddressPool) => {
  const taken: string[] = [];
  for (let address = pool.take(); address !== null; address = pool.take()) taken.push(address);
  return taken;
};

describe('AddressPool', () => {
  it('gives each address once, and neither the network, nor the machine, nor the broadcast address', () => {
    const taken = takeAll(new AddressPool(SUBNET, 0));
    expect(taken).toHaveLength(253);
    expect(new Set(taken).size).toBe(253);
    expect(taken[0]).toBe('10.64.3.2');
    expect(taken.at(-1)).toBe('10.64.3.254');
  });

  it('begins at its start, and comes round', () => {
    const pool = new AddressPool(SUBNET, 252);
    expect([pool.take(), pool.take()]).toEqual(['10.64.3.254', '10.64.3.2']);
  });

  it('reuses a freed address last', () => {
    const pool = new AddressPool(SUBNET, 0);
    const [first, second] = [pool.take() ?? '', pool.take() ?? ''];
    pool.release(second);
    pool.release(first);
    expect(takeAll(pool).slice(-2)).toEqual([second, first]);
    pool.release(first);
    pool.release(first);
    expect(takeAll(pool)).toEqual([first]);
  });

  it('uses addresses that were in use a moment ago last', () => {
    const pool = new AddressPool(SUBNET, 0, new Set(['10.64.3.2', '10.64.4.3']));
    expect(pool.take()).toBe('10.64.3.3');
    expect(takeAll(pool).at(-1)).toBe('10.64.3.2');
  });

  it('does not give an address that a container has, until that has gone', () => {
    const pool = new AddressPool(SUBNET, 0);
    pool.hold('10.64.3.2');
    pool.hold('10.64.4.3');
    expect(pool.take()).toBe('10.64.3.3');
    pool.release('10.64.3.2');
    expect(takeAll(pool).at(-1)).toBe('10.64.3.2');
  });

  it('ignores addresses that are none of its own', () => {
    const pool = new AddressPool(SUBNET, 0);
    takeAll(pool);
    for (const address of ['10.64.4.9', '10.64.3.1', '10.64.3.0', '10.64.3.255', '10.64.3.', '']) {
      pool.release(address);
    }
    expect(pool.take()).toBeNull();
  });
});
