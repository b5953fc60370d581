import type { ErrorKind, FieldError } from '../problems/api-error.js';

/** What the detail of each kind of problem reads like. A kind without one does not compile. */
export const PROBLEM_DETAILS: Readonly<Record<ErrorKind, string>> = {
  validation: 'Some fields were refused; see errors.',
  'malformed-json': 'The body could not be parsed as JSON.',
  'malformed-request': 'The request could not be read as HTTP/1.1.',
  unauthenticated: 'Send an API key: Authorization: Bearer nxs_…',
  'invalid-signature': 'X-Hub-Signature-256 is missing or was not made with our secret.',
  'insufficient-scope': 'This needs an API key with the scope write.',
  forbidden: 'A request with the session cookie must come from the dashboard.',
  'not-found': 'There is no project with this id.',
  'method-not-allowed': 'This method is not allowed here.',
  'request-timeout': 'The request did not come to its end in time. Send it again.',
  conflict: 'The environment is being destroyed.',
  'idempotency-key-reused': 'This Idempotency-Key was used for a request with another body.',
  'headers-too-large': 'The headers have more than 16 KiB. Send fewer, or shorter ones.',
  'too-many-requests': 'Too many requests with this key; try again in a few seconds.',
  'body-too-large': 'The body is larger than this endpoint takes.',
  'unsupported-media-type':
    'Send the body as application/json; environment variables may come as text/plain, too.',
  'service-unavailable': 'The database cannot be reached just now. Try again.',
  internal: 'The error was logged under the request id given here.',
};

/** What stands beside the detail where fields were refused. */
export const REFUSED_FIELDS: readonly FieldError[] = [{ field: 'limit', message: 'must be a whole number' }];
