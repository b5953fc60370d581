import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ApiError, NO_ROUTE, refused, type FieldError } from './problems/api-error.js';

/** PostgreSQL's text cannot hold NUL: https://www.postgresql.org/docs/current/datatype-character.html */
const ENCODED_NUL = '%00';

/** Rejects URLs that no route accepts, before they reach a route. */
export function setUpUrlCheck(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRequest', (request, _reply, done) => {
    const { url } = request;
    if (url.includes('?') || url.includes(ENCODED_NUL)) check(request);
    done();
  });
}

function check(request: FastifyRequest): void {
  const path = request.url.split('?', 1)[0] ?? '';
  if (path.includes(ENCODED_NUL)) throw new ApiError('not-found', NO_ROUTE);
  const query = request.query as Record<string, unknown>;
  const errors = Object.entries(query).flatMap(([field, value]): FieldError[] => {
    if (typeof value !== 'string') return [{ field, message: 'must be given once' }];
    if (field.includes('\0') || value.includes('\0')) {
      return [{ field, message: 'must not contain a NUL character' }];
    }
    return [];
  });
  if (errors.length > 0) throw refused(errors);
}
