import { hash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';

/**
 * Adds an `ETag` to read responses, and responds 304 if the client already has that version (RFC 9110, section 13.1.2).
 * Authenticated reads are `private, no-cache` instead of `no-store`, so that a browser can keep the body and revalidate
 * it. Other authenticated responses are `no-store`.
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

/** Returns a strong tag: responses with equal tags are equal byte for byte. */
function tagOf(payload: string, reply: FastifyReply): string {
  const given = reply.getHeader('etag');
  if (typeof given === 'string') return given;
  const tag = `"${hash('sha1', payload, 'base64url')}"`;
  void reply.header('etag', tag);
  return tag;
}

/** Compares weakly, since a proxy that compresses a response weakens its tag. */
function matches(known: string, tag: string): boolean {
  if (known === tag || known === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque);
}

function isAuthenticated(request: FastifyRequest): boolean {
  return (request as Partial<PrincipalRequest>).principal !== undefined;
}
