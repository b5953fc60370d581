import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiError } from '../problems/api-error.js';
import { nestsWithin } from './nests-within.js';

/** GitHub sends no larger payloads (https://docs.github.com/webhooks/webhook-events-and-payloads). */
const WEBHOOK_BODY_LIMIT = 25 * 1024 * 1024;
export const BODY_LIMIT = 1024 * 1024;
/** No body that this API takes nests half as deep; what is checked field by field must not exhaust the stack. */
const MOST_LEVELS = 32;
const WEBHOOK_PATH = '/api/webhooks/';

/**
 * Bodies are JSON. A webhook's is handed on as it came, since its signature covers the bytes; what came
 * unsigned is never parsed.
 */
export function setUpBodyParser(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(WEBHOOK_PATH)) route.bodyLimit = WEBHOOK_BODY_LIMIT;
  });
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.url.startsWith(WEBHOOK_PATH)) {
      done(null, body);
    } else if (body.length === 0) {
      done(null, undefined);
    } else {
      void parseJson(request, body.toString(), (error, value) => {
        if (error !== null || nestsWithin(MOST_LEVELS, value)) done(error, value);
        else done(new ApiError('malformed-json', `The body nests deeper than ${MOST_LEVELS} levels.`));
      });
    }
  });
}
