import { hash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';

/**
 * Gives what is read an `ETag`, and answers 304 to whoever has it already (RFC 9110, section 13.1.2). What a caller
 * may read is `private, no-cache` and not `no-store`: a browser then keeps it for the caller alone and asks each
 * time whether it still holds, which is what saves the body. Everything else is not to be kept at all.
 */
export function setUpConditionalRequests(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onSend', (request, reply, payload, done) => {
    const isRead =
      reply.statusCode === 200 &&
      typeof payload === 'string' &&
      (request.method === 'GET' || request.method === 'HEAD');
    if (isAuthenticated(request) && !reply.hasHeader('cache-control')) {
      void reply.header('cache-control', isRead ? 'private, no-cache' : 'no-store');
    }
    if (!isRead) {
      done(null, payload);
      return;
    }
    const tag = tagOf(payload, reply);
    const known = request.headers['if-none-match'];
    if (known === undefined || !matches(known, tag)) {
      done(null, payload);
      return;
    }
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, null);
  });
}

/** Strong: equal answers are equal byte for byte. */
function tagOf(payload: string, reply: FastifyReply): string {
  const given = reply.getHeader('etag');
  if (typeof given === 'string') return given;
  const tag = `"${hash('sha1', payload, 'base64url')}"`;
  void reply.header('etag', tag);
  return tag;
}

/** The weak comparison, since a proxy that compresses an answer makes its tag a weak one. */
function matches(known: string, tag: string): boolean {
  if (known === tag || known === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque);
}

function isAuthenticated(request: FastifyRequest): boolean {
  return (request as Partial<PrincipalRequest>).principal !== undefined;
}
