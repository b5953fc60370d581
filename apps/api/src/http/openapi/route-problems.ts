import type { ErrorKind } from '../problems/api-error.js';
import type { DocumentedRoute } from './documented-routes.js';

/** Where a route is, and what it takes. */
export interface RoutePlace {
  /** In lower case. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly takesBody: boolean;
}

/** Every kind of problem that a route can answer with: what follows from what it is, and what it says itself. */
export function problemsOf({ access, options }: DocumentedRoute, place: RoutePlace): Set<ErrorKind> {
  const isSafe = place.method === 'get';
  const isAuthenticated = access !== 'public';
  const kinds = new Set<ErrorKind>(options.errors);
  const add = (when: boolean, ...more: ErrorKind[]) => when && more.forEach((kind) => kinds.add(kind));
  add(isAuthenticated, 'unauthenticated', 'insufficient-scope', 'too-many-requests');
  add(place.path.includes('{'), 'not-found');
  // A body that is not asked for is read nevertheless.
  add(!isSafe, 'malformed-json', 'body-too-large', 'unsupported-media-type');
  // With the session's cookie, from another site.
  add(!isSafe && isAuthenticated, 'forbidden');
  add(takesIdempotencyKey(access, place), 'idempotency-key-reused');
  // Also of a query that is not asked for.
  add(true, 'validation', 'internal', 'service-unavailable');
  return kinds;
}

export function takesIdempotencyKey(access: string, { method }: RoutePlace): boolean {
  return method === 'post' && access !== 'public';
}
