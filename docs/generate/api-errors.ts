import { code } from './markdown.js';
import type { Operation } from './openapi.js';

const PROBLEM_TYPE = 'application/problem+json';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Kinds of routes whose errors are listed once, for all of them. */
const KINDS: readonly (readonly [name: string, has: (route: Route) => boolean])[] = [
  ['every operation', () => true],
  ['every operation that needs a scope', ({ operation }) => scopeOf(operation) !== null],
  ['every operation but GET', ({ method }) => method !== 'get'],
  [
    'every operation but GET that needs a scope',
    ({ method, operation }) => method !== 'get' && scopeOf(operation) !== null,
  ],
  [
    'every POST that needs a scope',
    ({ method, operation }) => method === 'post' && scopeOf(operation) !== null,
  ],
  ['every path with an id', ({ path }) => path.includes('{')],
];

/** Returns the scope that an operation needs; null where it needs no credentials. */
export function scopeOf({ security }: Operation): string | null {
  return security.find(({ apiKey }) => apiKey !== undefined)?.apiKey?.[0] ?? null;
}

/** Returns a list of the errors that all routes of a kind have. */
export function commonErrors(routes: readonly Route[]): string {
  const listed = new Set<string>();
  const lines = KINDS.map(([name, has]) => {
    const common = commonTo(routes.filter(has)).filter((error) => !listed.has(error));
    common.forEach((error) => listed.add(error));
    return `- ${name}: ${common.map(withCode).join(', ')}`;
  });
  return ['Each operation lists its own errors. In addition:', '', ...lines].join('\n');
}

/** Returns the errors of a route that no kind of its covers. */
export function ownErrors(route: Route, routes: readonly Route[]): string {
  const common = KINDS.filter(([, has]) => has(route)).flatMap(([, has]) => commonTo(routes.filter(has)));
  return errorsOf(route)
    .filter((error) => !common.includes(error))
    .map(withCode)
    .join(', ');
}

function commonTo(routes: readonly Route[]): string[] {
  const [first, ...others] = routes.map(errorsOf);
  return (first ?? []).filter((error) => others.every((errors) => errors.includes(error)));
}

/** As `409 conflict`. */
function errorsOf({ operation }: Route): string[] {
  return Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
    Object.keys(content[PROBLEM_TYPE]?.examples ?? {}).map((kind) => `${status} ${kind}`),
  );
}

function withCode(error: string): string {
  const [status = '', kind = ''] = error.split(' ');
  return `${status} ${code(kind)}`;
}
