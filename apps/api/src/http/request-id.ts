import type { IncomingHttpHeaders } from 'node:http';
import { withCorrelation } from '@nexos/observability';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const ACCEPTABLE = /^[A-Za-z0-9_-]{8,64}$/;

/** A caller's own `X-Request-Id` where it is harmless, else a new one. */
export function requestIdOf(request: { headers: IncomingHttpHeaders }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : crypto.randomUUID();
}

/** Puts the request's id into its answer and into every log line on the way. */
export function setUpRequestIds(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      void reply.header('x-request-id', request.id);
      withCorrelation({ request_id: request.id }, done);
    });
}
