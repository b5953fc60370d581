import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { KeyUse } from '@nexos/state';
import type { FastifyRequest } from 'fastify';

const MAX_USER_AGENT = 200;
const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
/** As some proxies write it: `192.0.2.7:5678` or `[2001:db8::1]:5678`. */
const WITH_PORT = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/;

/**
 * Returns an address as it is stored and compared: an IPv4 address also if it is written as an IPv6 one, an IPv6 address in
 * its shortest form (RFC 5952) without a zone, and neither with a port. Returns `unknown` for anything else: behind a proxy,
 * the address comes from a header, which may hold anything.
 */
export function canonicalAddress(text: string): string {
  const [, bracketed, beforePort] = WITH_PORT.exec(text) ?? [];
  const [address = ''] = (bracketed ?? beforePort ?? text).split('%');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  const short = new SocketAddress({ address, family: 'ipv6' }).address;
  return IPV4_IN_IPV6.exec(short)?.[1] ?? short;
}

/** Returns the address of a client. */
export function clientAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return canonicalAddress(ip);
}

/** Returns what is recorded of a client that uses a key. */
export function clientOf(request: FastifyRequest): KeyUse {
  const userAgent = request.headers['user-agent'];
  return { address: clientAddress(request), userAgent: userAgent?.slice(0, MAX_USER_AGENT) ?? null };
}
