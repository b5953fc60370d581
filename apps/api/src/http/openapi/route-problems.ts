import type { ErrorKind } from '../problems/api-error.js';
import { projectIdIn } from '../../auth/route-reach.js';
import type { DocumentedRoute } from './documented-routes.js';

/** The method and the path of a route, and whether it takes a body. */
export interface RoutePlace {
  /** In lowercase. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly takesBody: boolean;
}

/** Returns every kind of problem that a route can return: those that follow from the route, and those it declares. */
export function problemsOf({ access, options }: DocumentedRoute, place: RoutePlace): Set<ErrorKind> {
  const isSafe = place.method === 'get';
  const isAuthenticated = access !== 'public';
  const kinds = new Set<ErrorKind>(options.errors);
  const add = (when: boolean, ...more: ErrorKind[]) => when && more.forEach((kind) => kinds.add(kind));
  add(isAuthenticated, 'unauthenticated', 'insufficient-scope', 'too-many-requests');
  add(place.path.includes('{'), 'not-found');
  // An unexpected body is read too.
  add(!isSafe, 'malformed-json', 'body-too-large', 'unsupported-media-type');
  // For a session cookie with a request from another origin, and for a key that is limited to projects.
  add(isAuthenticated && (!isSafe || projectIdIn(place.path) === null), 'forbidden');
  add(takesIdempotencyKey(access, place), 'idempotency-key-reused');
  // An unexpected query can fail validation too.
  add(true, 'validation', 'internal', 'service-unavailable');
  return kinds;
}

export function takesIdempotencyKey(access: string, { method }: RoutePlace): boolean {
  return method === 'post' && access !== 'public';
}
