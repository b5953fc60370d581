import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const HEADERS = ['x-forwarded-for', 'forwarded'] as const;

/**
 * Warns once of a reverse proxy that `TRUSTED_PROXIES` does not list: all its clients would count as one address, in the
 * limits and in the audit log.
 */
export function setUpForwardedCheck(app: NestFastifyApplication): void {
  const logger = new Logger('TrustedProxies');
  let hasWarned = false;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      const peer = request.socket.remoteAddress;
      // The address of the peer itself was taken, so the header was not trusted.
      if (!hasWarned && request.ip === peer && HEADERS.some((name) => request.headers[name] !== undefined)) {
        hasWarned = true;
        logger.warn(
          `${request.ip} sends X-Forwarded-For or Forwarded, but TRUSTED_PROXIES does not list it: all clients behind it count as this one address. If it is your reverse proxy, add it to TRUSTED_PROXIES, and have it send X-Forwarded-For.`,
        );
      }
      done();
    });
}
