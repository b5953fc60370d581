import type { QuotaExceededError } from '@nexos/domain';

/** Limits what an error reports: a body may have tens of thousands of fields, or a field name of a megabyte. */
export const MAX_REPORTED_FIELDS = 100;
const MAX_NAME_LENGTH = 200;
export const UNKNOWN_FIELD = 'is not a known field';

/** One invalid field. The message completes a sentence that begins with the field. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A resource that an error is about, for clients that show or handle it. */
export interface ProblemSubject {
  readonly type: 'project' | 'environment';
  readonly id: string;
  readonly name: string;
}

/** A limit that a request does not fit into. */
export interface ProblemQuota {
  readonly resource: string;
  readonly limit: number;
  readonly usage: number;
  readonly request: number;
}

/** The kinds of error: stable codes that clients can branch on. */
export const ERROR_KINDS = {
  validation: { status: 400, title: 'The request is invalid' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-request': { status: 400, title: 'The request is not valid HTTP' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  'invalid-signature': { status: 401, title: 'The webhook signature does not match' },
  'insufficient-scope': { status: 403, title: 'The API key lacks the required scope' },
  forbidden: { status: 403, title: 'The request is not allowed' },
  'quota-exceeded': { status: 403, title: 'The quota of the account is used up' },
  'repository-not-yours': { status: 403, title: 'The account may not use the repository' },
  'not-found': { status: 404, title: 'Not found' },
  branch_not_found: { status: 404, title: 'The branch does not exist' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  'project-paused': { status: 409, title: 'The deploys of the project are paused' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for a different request' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'expectation-failed': { status: 417, title: 'The expectation is not met' },
  'unsupported-media-type': { status: 415, title: 'The media type of the body is not supported' },
  'service-unavailable': { status: 503, title: 'The service is temporarily unavailable' },
  internal: { status: 500, title: 'Internal error' },
} as const;
export type ErrorKind = keyof typeof ERROR_KINDS;

/** The detail of a 404 for a path that no route has. */
export const NO_ROUTE = 'There is nothing at this path. /api/docs lists the endpoints.';

/** An error that is reported to the client as RFC 9457 problem details. Owns its status, type and title. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly kind: ErrorKind,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly subjects: readonly ProblemSubject[] = [],
    /** Seconds to wait before the next attempt, if it is known. */
    readonly retryAfterSeconds?: number,
    readonly quota?: ProblemQuota,
  ) {
    super(detail);
    this.name = 'ApiError';
    this.status = ERROR_KINDS[kind].status;
    this.title = ERROR_KINDS[kind].title;
  }
}

/** Returns the response body (RFC 9457). */
export function problemOf(
  { kind, title, status, detail, errors, subjects, quota }: ApiError,
  requestId: string,
): object {
  return {
    type: `urn:nexos:problem:${kind}`,
    title,
    status,
    detail,
    request_id: requestId,
    ...(errors.length > 0 ? { errors } : {}),
    ...(subjects.length > 0 ? { subjects } : {}),
    ...quota,
  };
}

/** Returns the error of a request that does not fit into the account's quota. */
export function overQuota({ excess, message }: QuotaExceededError): ApiError {
  return new ApiError('quota-exceeded', message, [], [], undefined, excess);
}

/** Returns an error that lists invalid fields. */
export function refused(errors: readonly FieldError[]): ApiError {
  const reported = errors
    .slice(0, MAX_REPORTED_FIELDS)
    .map(({ field, message }) => ({ field: shortened(field), message }));
  return new ApiError('validation', 'Some fields are invalid; see errors.', reported);
}

/** Shortens a name without splitting a character. */
function shortened(name: string): string {
  return name.length <= MAX_NAME_LENGTH
    ? name
    : `${name.slice(0, MAX_NAME_LENGTH).replace(/\p{Surrogate}$/u, '')}…`;
}

/** Returns the same error for a missing resource and for one of another account. */
export function notFound(what: string): ApiError {
  return new ApiError('not-found', `There is no ${what} with this id.`);
}
