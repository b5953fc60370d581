import { isIPv4, isIPv6 } from 'node:net';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Length of a network in 16-bit groups. The owner of an IPv6 address usually owns its whole /64. */
const NETWORK_GROUPS = 4;

/** Returns what a client is counted under: its IPv4 address, or the /64 network of its IPv6 address. */
export function clientNetwork(ip: string): string {
  const v4 = IPV4_IN_IPV6.exec(ip)?.[1] ?? ip;
  if (isIPv4(v4)) return v4;
  const address = ip.split('%')[0] ?? '';
  // Behind a proxy the address comes from a header, which may hold anything.
  if (!isIPv6(address)) return 'unknown';
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  while (tail !== undefined && groups.length + after < 8) groups.push('0');
  return [...groups, ...(tail?.split(':') ?? [])]
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
