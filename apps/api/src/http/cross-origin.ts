import fastifyCors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a page may read of an answer, besides what every page may. */
const EXPOSED = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Request-Id',
];
const ALLOWED = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Last-Event-ID',
  'X-Request-Id',
];
const PREFLIGHT_KEPT_SECONDS = 600;

/**
 * Lets the pages of one origin call the API, with its cookie; other pages are told nothing, and a browser then keeps
 * the answer from them (https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * @param dashboardUrl any address of that origin
 */
export async function setUpCrossOrigin(app: NestFastifyApplication, dashboardUrl: string): Promise<void> {
  const { origin: dashboard } = new URL(dashboardUrl);
  await app.register(fastifyCors, {
    origin: (origin, callback) => callback(null, origin === dashboard ? dashboard : false),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_KEPT_SECONDS,
  });
}
