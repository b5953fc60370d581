import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { clientNetwork } from '../auth/client-network.js';
import { checkJson } from './json-check.js';
import { UnsignedBodies } from './unsigned-bodies.js';

/** GitHub's limit for payloads (https://docs.github.com/webhooks/webhook-events-and-payloads). */
const WEBHOOK_BODY_LIMIT = 25 * 1024 * 1024;
export const BODY_LIMIT = 1024 * 1024;
/** Anyone can send bodies to the webhook, and each stays in memory until its signature can be verified. */
const MAX_UNSIGNED_BYTES = 8 * WEBHOOK_BODY_LIMIT;
const MAX_UNSIGNED_BYTES_PER_CLIENT = 3 * WEBHOOK_BODY_LIMIT;
const WEBHOOK_ROUTES: readonly unknown[] = ['/api/webhooks/github', '/api/webhooks/github/:id'];
/** Media types other than JSON, with the only route that accepts them: `.env` text, and a `nexos.yaml`. */
const TEXT_ROUTES: Readonly<Record<string, string>> = {
  'text/plain': '/api/projects/:id/env-vars',
  // RFC 9512 deprecates the others.
  'application/yaml': '/api/projects/:id/config',
  'application/x-yaml': '/api/projects/:id/config',
  'text/yaml': '/api/projects/:id/config',
  'text/x-yaml': '/api/projects/:id/config',
};

/**
 * Parses JSON bodies, and accepts text where a route takes it. Passes a webhook's body on unparsed, since its
 * signature covers the bytes; an unsigned body is never parsed.
 */
export function setUpBodyParser(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const unsigned = new UnsignedBodies(MAX_UNSIGNED_BYTES, MAX_UNSIGNED_BYTES_PER_CLIENT);
  fastify.addHook('onRoute', (route) => {
    if (!WEBHOOK_ROUTES.includes(route.url)) return;
    route.bodyLimit = WEBHOOK_BODY_LIMIT;
    route.preParsing = (request, reply, body, done) => {
      const { held, release } = unsigned.hold(clientNetwork(request.ip), body);
      reply.raw.once('close', release);
      done(null, held);
    };
  });
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (isWebhook(request)) {
      done(null, body);
    } else if (body.length === 0) {
      done(null, undefined);
    } else {
      void parseJson(request, body.toString(), (error, parsed) => {
        if (error === null) checked(parsed, done);
        else done(error);
      });
    }
  });
  fastify.addContentTypeParser(Object.keys(TEXT_ROUTES), { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // Refuses text before the body is read, as Fastify does for other unsupported types. GET and HEAD have no body.
  fastify.addHook('onRequest', (request, _reply, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
    const route = TEXT_ROUTES[type.trim().toLowerCase()];
    if (!isRead && route !== undefined && !request.is404 && request.routeOptions.url !== route) {
      done(new UnsupportedMediaTypeException());
    } else {
      done();
    }
  });
}

/** Checks the route, since a path can be written in many ways. */
function isWebhook(request: FastifyRequest): boolean {
  return WEBHOOK_ROUTES.includes(request.routeOptions.url);
}

function checked(body: unknown, done: (error: Error | null, body?: unknown) => void): void {
  try {
    checkJson(body);
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, body);
}
