import fastifyCors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Response headers that a page may read in addition to the CORS-safelisted ones. */
const EXPOSED_HEADERS = [
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
const ALLOWED_HEADERS = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Last-Event-ID',
  'X-Request-Id',
];
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Lets pages of the dashboard's origin call the API with its cookie. Other origins get no CORS headers, so browsers keep
 * the response from them (https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * @param dashboardUrl any URL of that origin
 */
export async function setUpCrossOrigin(app: NestFastifyApplication, dashboardUrl: string): Promise<void> {
  const { origin: dashboard } = new URL(dashboardUrl);
  await app.register(fastifyCors, {
    origin: (origin, callback) => callback(null, origin === dashboard ? dashboard : false),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  });
}
