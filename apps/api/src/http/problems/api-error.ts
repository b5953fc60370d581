/** How many refused fields are told at once, and how much of a name: a body may have ten thousands, or one of a megabyte. */
export const TOLD_AT_MOST = 100;
const NAME_AT_MOST = 200;
export const UNKNOWN_FIELD = 'this field is not known';

/** One field that was refused, and why. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** The stable kinds of error; a client may branch on them. */
export const ERROR_KINDS = {
  validation: { status: 400, title: 'The request is not valid' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-request': { status: 400, title: 'This is not an HTTP request' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  'invalid-signature': { status: 401, title: 'The webhook signature does not match' },
  'insufficient-scope': { status: 403, title: 'The API key does not allow this' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request conflicts with the present state' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'A body of this type is not taken here' },
  'service-unavailable': { status: 503, title: 'The service cannot answer right now' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const;
export type ErrorKind = keyof typeof ERROR_KINDS;

/** An error that a client is told about, as RFC 9457 problem details. Owns its status, type and title. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly kind: ErrorKind,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
    this.name = 'ApiError';
    this.status = ERROR_KINDS[kind].status;
    this.title = ERROR_KINDS[kind].title;
  }
}

/** The body of the answer (RFC 9457). */
export function problemOf({ kind, title, status, detail, errors }: ApiError, requestId: string): object {
  return {
    type: `urn:nexos:problem:${kind}`,
    title,
    status,
    detail,
    request_id: requestId,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

/** Tells which fields were refused, and why. */
export function refused(errors: readonly FieldError[]): ApiError {
  const told = errors
    .slice(0, TOLD_AT_MOST)
    .map(({ field, message }) => ({ field: shortened(field), message }));
  return new ApiError('validation', 'Some fields were refused; see errors.', told);
}

/** Never in the middle of a character. */
function shortened(name: string): string {
  return name.length <= NAME_AT_MOST
    ? name
    : `${name.slice(0, NAME_AT_MOST).replace(/\p{Surrogate}$/u, '')}…`;
}

/** What another account owns reads like what does not exist. */
export function notFound(what: string): ApiError {
  return new ApiError('not-found', `There is no ${what} with this id.`);
}
