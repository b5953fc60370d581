import type { ComponentsObject, HeaderObject, HeadersObject, ParameterObject } from '@nestjs/swagger';
import type { Schema } from './schema.js';

const SESSION_COOKIE = 'nexos_session';

/** Of an answer. Those that are `required` are on every answer that is said to have them. */
const header = (
  required: boolean,
  description: string,
  example: string | number,
  rules: Schema = {},
): HeaderObject => ({
  description,
  required,
  schema: { type: typeof example === 'number' ? 'integer' : 'string', ...rules },
  example,
});
const requestHeader = (name: string, description: string, example: string): ParameterObject => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
  example,
});

const ETAG = 'Send it as If-None-Match, and what has not changed is not sent again.';
const ETAG_EXAMPLE = '"Zx3Cm8h0bqP1yL7n"';
const TAG: Schema = { pattern: '^(W/)?"[!#-~]*"$' };

/** Headers that many operations answer with. */
const headers = {
  RequestId: header(
    true,
    'Under which the request is found in the logs: the caller’s own, if it sent one of 8 to 64 letters, digits, _ and -.',
    '0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e',
    { pattern: '^[\\w-]{8,64}$' },
  ),
  Link: header(
    false,
    'Where the next page is (RFC 8288); missing on the last one.',
    '</api/projects?limit=50&cursor=proj_01kb2c7x9q4m8r5t6v3w0y1z2a>; rel="next"',
    { pattern: '^</api/[^<>]+>; rel="next"$' },
  ),
  ETag: header(true, ETAG, ETAG_EXAMPLE, TAG),
  ETagOfPage: header(false, `${ETAG} Not on a stream.`, ETAG_EXAMPLE, TAG),
  IdempotencyReplayed: header(
    false,
    '`true` when this is the answer to an earlier request with the same Idempotency-Key.',
    'true',
    { const: 'true' },
  ),
  RetryAfter: header(true, 'Seconds to wait before the next try.', 2, { minimum: 1 }),
  RateLimitLimit: header(true, 'Requests that the key may make in the window.', 1000, { minimum: 1 }),
  RateLimitRemaining: header(true, 'Requests that are left in the window.', 598, { minimum: 0 }),
  RateLimitReset: header(true, 'Seconds until the window ends.', 12, { minimum: 1 }),
};

/** Headers that many operations take. */
const parameters = {
  RequestId: requestHeader(
    'X-Request-Id',
    'An id of the caller’s own for the request; 8 to 64 letters, digits, _ and -.',
    'deploy-bot-000172',
  ),
  IdempotencyKey: requestHeader(
    'Idempotency-Key',
    'Makes it safe to send the request again: the same key with the same body gets the same answer.',
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
  ),
  IfNoneMatch: requestHeader('If-None-Match', 'The ETag of what the caller has already.', '"1f-3Cm8h0bq"'),
};

export const SHARED_COMPONENTS: ComponentsObject = {
  headers,
  parameters,
  securitySchemes: {
    apiKey: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'nxs_<key id>_<secret>',
      description: 'An API key. An operation lists the scope that the key needs; a wider scope includes it.',
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: SESSION_COOKIE,
      description: 'The session of somebody who has signed in with GitHub.',
    },
  },
};

export const sharedHeader = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });
export const sharedParameter = (name: keyof typeof parameters) => ({
  $ref: `#/components/parameters/${name}`,
});

/** On every answer to a request that is counted. */
export function rateLimitHeaders(): HeadersObject {
  return {
    'RateLimit-Limit': sharedHeader('RateLimitLimit'),
    'RateLimit-Remaining': sharedHeader('RateLimitRemaining'),
    'RateLimit-Reset': sharedHeader('RateLimitReset'),
  };
}
