import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { clientNetwork } from '../auth/client-network.js';

const HEADERS = ['x-forwarded-for', 'forwarded'] as const;
/** Networks to warn of: anybody may send such a header, and must neither hide a proxy nor fill the log. */
const MAX_WARNED = 10;

/**
 * Warns once of each reverse proxy that `TRUSTED_PROXIES` does not list: all its clients would count as one address, in the
 * limits and in the audit log.
 */
export function setUpForwardedCheck(app: NestFastifyApplication): void {
  const logger = new Logger('TrustedProxies');
  const check = new ForwardedCheck((text) => logger.warn(text));
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      const isForwarded = HEADERS.some((name) => request.headers[name] !== undefined);
      // Otherwise the header was trusted, and the address of the client taken from it.
      if (isForwarded && request.ip === request.socket.remoteAddress) check.warnOf(request.ip);
      done();
    });
}

/** Warns once of each peer that sends headers of a proxy without being trusted. */
export class ForwardedCheck {
  private readonly warned = new Set<string>();
  private others = 0;

  constructor(private readonly warn: (text: string) => void) {}

  /** Warns of a peer, unless it did before. Proxies are usually near, so peers on the internet cannot use up the warnings. */
  warnOf(peer: string): void {
    const network = clientNetwork(peer);
    if (this.warned.has(network)) return;
    const isNear = isPrivate(network);
    if (isNear ? this.warned.size - this.others >= MAX_WARNED : this.others >= MAX_WARNED) return;
    this.warned.add(network);
    if (!isNear) this.others++;
    this.warn(
      `${peer} sends X-Forwarded-For or Forwarded, but TRUSTED_PROXIES does not list it: all clients behind it count as this one address. If it is your reverse proxy, add it to TRUSTED_PROXIES, and have it send X-Forwarded-For.`,
    );
  }
}

/** Returns whether a network is one of a machine or a site: loopback, private (RFC 1918, RFC 4193) or link-local. */
function isPrivate(network: string): boolean {
  return /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0:0:0:0$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(
    network,
  );
}
