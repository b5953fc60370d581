import type { ComponentsObject, HeaderObject, HeadersObject, ParameterObject } from '@nestjs/swagger';
import type { Schema } from './schema.js';

const SESSION_COOKIE = 'nexos_session';

/** Describes a response header. A `required` one is always present in the responses that list it. */
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

const ETAG = 'Version of the response. Send it as If-None-Match to get 304 while nothing has changed.';
const ETAG_EXAMPLE = '"Zx3Cm8h0bqP1yL7n"';
const TAG: Schema = { pattern: '^(W/)?"[!#-~]*"$' };

/** Response headers that many operations share. */
const headers = {
  RequestId: header(
    true,
    'Identifies the request in the logs: the id that the caller sent, if valid, otherwise a new one.',
    '0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e',
    { pattern: '^[\\w-]{8,64}$' },
  ),
  Link: header(
    false,
    'URL of the next page (RFC 8288); absent on the last page.',
    '</api/projects?limit=50&cursor=proj_01kb2c7x9q4m8r5t6v3w0y1z2a>; rel="next"',
    { pattern: '^</api/[^<>]+>; rel="next"$' },
  ),
  ETag: header(true, ETAG, ETAG_EXAMPLE, TAG),
  ETagOfPage: header(false, `${ETAG} Absent on a stream.`, ETAG_EXAMPLE, TAG),
  IdempotencyReplayed: header(
    false,
    '`true` if this is the stored response to an earlier request with the same Idempotency-Key.',
    'true',
    { const: 'true' },
  ),
  RetryAfter: header(true, 'Seconds to wait before the next attempt.', 2, { minimum: 1 }),
  RateLimitLimit: header(true, 'Requests allowed in the current window.', 1000, { minimum: 1 }),
  RateLimitRemaining: header(true, 'Requests left in the current window.', 598, { minimum: 0 }),
  RateLimitReset: header(true, 'Seconds until the current window ends.', 12, { minimum: 1 }),
};

/** Request headers that many operations share. */
const parameters = {
  RequestId: requestHeader(
    'X-Request-Id',
    'An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.',
    'deploy-bot-000172',
  ),
  IdempotencyKey: requestHeader(
    'Idempotency-Key',
    'Makes retries safe: a repeated request with the same key and body gets the stored response.',
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
  ),
  IfNoneMatch: requestHeader(
    'If-None-Match',
    'The ETag of the response that the caller already has.',
    '"1f-3Cm8h0bq"',
  ),
};

export const SHARED_COMPONENTS: ComponentsObject = {
  headers,
  parameters,
  securitySchemes: {
    apiKey: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'nxs_<key id>_<secret>',
      description:
        'An API key. Each operation lists the scope that the key needs; a wider scope includes it.',
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: SESSION_COOKIE,
      description: 'The session of a user who signed in with GitHub.',
    },
  },
};

export const sharedHeader = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });
export const sharedParameter = (name: keyof typeof parameters) => ({
  $ref: `#/components/parameters/${name}`,
});

/** Returns the headers of every response to a counted request. */
export function rateLimitHeaders(): HeadersObject {
  return {
    'RateLimit-Limit': sharedHeader('RateLimitLimit'),
    'RateLimit-Remaining': sharedHeader('RateLimitRemaining'),
    'RateLimit-Reset': sharedHeader('RateLimitReset'),
  };
}
