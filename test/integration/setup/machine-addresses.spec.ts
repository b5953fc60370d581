import { describe, expect, it } from 'vitest';
import { machineAddresses } from '../../support/machine.js';

describe('machineAddresses', () => {
  it('returns the public addresses, and the networks of IPv6', () => {
    const of = (address: string, internal = false) => ({
      ...{ address, internal, netmask: '', mac: '', cidr: null, scopeid: 0 },
      family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
    });
    const eth0 = [
      of('1.2.3.4'),
      of('10.0.0.7'),
      of('fe80::1'),
      of('2a01:4f8:1:2::1'),
      of('2a01:4f8:1:2:a:b:c:d'),
      of('2a01::1'),
    ];
    const found = machineAddresses({
      lo: [of('127.0.0.1', true)],
      docker0: [of('172.17.0.1')],
      eth0: eth0,
    });
    expect(found).toEqual(['1.2.3.4', '2a01:0:0:0::/64', '2a01:4f8:1:2::/64']);
  });
});
