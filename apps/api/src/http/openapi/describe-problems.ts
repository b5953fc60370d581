import type { HeadersObject, ResponsesObject } from '@nestjs/swagger';
import { ERROR_KINDS, type ErrorKind } from '../problems/api-error.js';
import type { DocumentedRoute } from './documented-routes.js';
import { EXCEEDED_QUOTA, PROBLEM_DETAILS, REFUSED_FIELDS } from './problem-examples.js';
import { ProblemResponse } from './problem.response.js';
import { schemaNamed } from './schema.js';
import { rateLimitHeaders, sharedHeader } from './shared-components.js';

const REQUEST_ID = '0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e';
const typeOf = (kind: ErrorKind) => `urn:nexos:problem:${kind}`;

/** Statuses that are only returned after a request was counted. */
const COUNTED: readonly number[] = [403, 409, 422];

/** Returns the error responses of an operation: one per status, with an example of each kind with that status. */
export function describeProblems(
  kinds: ReadonlySet<ErrorKind>,
  route: Pick<DocumentedRoute, 'access' | 'options'>,
): ResponsesObject {
  const byStatus = new Map<number, ErrorKind[]>();
  for (const kind of kinds) {
    const { status } = ERROR_KINDS[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), kind].sort());
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [status, problemResponse(status, ofStatus, route)]),
  );
}

function problemResponse(
  status: number,
  kinds: readonly ErrorKind[],
  { access, options }: Pick<DocumentedRoute, 'access' | 'options'>,
) {
  const headers: HeadersObject = {
    'X-Request-Id': sharedHeader('RequestId'),
    ...(access !== 'public' && COUNTED.includes(status) ? rateLimitHeaders() : {}),
  };
  if (status === 429 || status === 503) headers['Retry-After'] = sharedHeader('RetryAfter');
  const narrowed = {
    type: 'object',
    properties: {
      type: { type: 'string', enum: kinds.map(typeOf) },
      status: { type: 'integer', const: status },
    },
  };
  return {
    description: [...new Set(kinds.map((kind) => ERROR_KINDS[kind].title))].join(' / '),
    headers,
    content: {
      'application/problem+json': {
        schema: { allOf: [schemaNamed(ProblemResponse.name), narrowed] },
        examples: Object.fromEntries(kinds.map((kind) => [kind, { value: exampleOfProblem(kind) }])),
      },
      ...(options.isOpenedByBrowsers === true && {
        'text/html': { schema: { type: 'string' }, example: '<!doctype html>…' },
      }),
    },
  };
}

function exampleOfProblem(kind: ErrorKind) {
  const { status, title } = ERROR_KINDS[kind];
  const problem = {
    type: typeOf(kind),
    title,
    status,
    detail: PROBLEM_DETAILS[kind],
    request_id: REQUEST_ID,
  };
  if (kind === 'quota-exceeded') return { ...problem, ...EXCEEDED_QUOTA };
  return kind === 'validation' ? { ...problem, errors: REFUSED_FIELDS } : problem;
}
