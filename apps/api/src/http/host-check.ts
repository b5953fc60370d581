import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiError } from './problems/api-error.js';

/** Rejects requests of HTTP/1.1 without `Host` (RFC 9112, section 3.2), which Node would do without a body. */
export function setUpHostCheck(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      if (request.raw.httpVersion !== '1.1' || request.headers.host !== undefined) {
        done();
        return;
      }
      done(
        new ApiError(
          'malformed-request',
          'The request has no header Host, which HTTP/1.1 requires. Send one.',
        ),
      );
    });
}
