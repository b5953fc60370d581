import { isIP } from 'node:net';
import type { KeyUse } from '@nexos/state';
import type { FastifyRequest } from 'fastify';

const MAX_USER_AGENT = 200;

/** Returns the address of a client. Behind a proxy it comes from a header, which may hold anything. */
export function clientAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return isIP(ip) === 0 ? 'unknown' : ip;
}

/** Returns what is recorded of a client that uses a key. */
export function clientOf(request: FastifyRequest): KeyUse {
  const userAgent = request.headers['user-agent'];
  return { address: clientAddress(request), userAgent: userAgent?.slice(0, MAX_USER_AGENT) ?? null };
}
