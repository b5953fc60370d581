import type { IncomingHttpHeaders } from 'node:http';
import { withCorrelation } from '@nexos/observability';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const ACCEPTABLE = /^[A-Za-z0-9_-]{8,64}$/;

/** Returns the caller's `X-Request-Id` if it is harmless, otherwise a new id. */
export function requestIdOf(request: { headers: IncomingHttpHeaders }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : crypto.randomUUID();
}

/** Adds the request's id to the response and to every log line of the request. */
export function setUpRequestIds(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      void reply.header('x-request-id', request.id);
      withCorrelation({ request_id: request.id }, done);
    });
}
