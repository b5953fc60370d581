import { QueryFailedError, TypeORMError } from 'typeorm';
import { postgresErrorCode } from './postgres-error-code.js';

/** System error codes of connections that failed or broke. */
const CONNECTION_FAULTS = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
/**
 * Postgres errors: connection exceptions, insufficient resources such as connections or disk, an operator who ends a
 * connection, a query or the server, and a transaction that was idle for too long.
 */
const SQLSTATES = /^(?:08|53|57P|57014$|25P03$)/;
/** Messages of `pg` and its pool, whose errors have no code. */
const MESSAGES = [
  'Cannot use a pool after calling end on the pool',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
];

/**
 * Returns whether a query failed because Postgres is temporarily unreachable or out of resources, so that a later retry
 * may succeed.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = postgresErrorCode(error);
  if (code !== undefined) return CONNECTION_FAULTS.has(code) || SQLSTATES.test(code);
  return error instanceof Error && MESSAGES.some((message) => error.message.startsWith(message));
}

/** Returns whether an error comes from a database query, regardless of the reason. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof TypeORMError || isDatabaseUnavailable(error);
}

/** Returns Postgres's message about a rejected statement, without the statement; null for any other error. */
export function postgresErrorMessage(error: unknown): string | null {
  return error instanceof QueryFailedError ? (error.driverError as Error).message : null;
}
