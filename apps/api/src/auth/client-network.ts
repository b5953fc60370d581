import { isIPv6 } from 'node:net';
import { canonicalAddress } from './client-address.js';

/** Length of a network in 16-bit groups. The owner of an IPv6 address usually owns its whole /64. */
const NETWORK_GROUPS = 4;

/** Returns what a client is counted under: its IPv4 address, or the /64 network of its IPv6 address. */
export function clientNetwork(ip: string): string {
  const address = canonicalAddress(ip);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  while (tail !== undefined && groups.length + after < 8) groups.push('0');
  return [...groups, ...(tail?.split(':') ?? [])]
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
