import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './client-address.js';

describe('canonicalAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:C000:0207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:5678', '192.0.2.7'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['[2001:db8::1]:5678', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['192.0.2.7:', 'unknown'],
    ['999.0.2.7:80', 'unknown'],
    ['[192.0.2.7', 'unknown'],
    ['not an address', 'unknown'],
    ['', 'unknown'],
  ])('maps %j to %s', (text, address) => {
    expect(canonicalAddress(text)).toBe(address);
  });
});
