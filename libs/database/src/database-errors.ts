import { QueryFailedError, TypeORMError } from 'typeorm';
import { postgresErrorCode } from './postgres-error-code.js';

/** What the system says of a connection that cannot be made, or that broke. */
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
 * Of Postgres: connection exceptions, insufficient resources such as connections or disk, an operator who ends a
 * connection, a query or the server, and a transaction that was idle for too long.
 */
const SQLSTATES = /^(?:08|53|57P|57014$|25P03$)/;
/** What `pg` and its pool say has no code. */
const WORDS = [
  'Cannot use a pool after calling end on the pool',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
];

/**
 * Whether a question to Postgres failed because it cannot be reached, or has no room, for the time being: asked again
 * later, it may well be answered.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = postgresErrorCode(error);
  if (code !== undefined) return CONNECTION_FAULTS.has(code) || SQLSTATES.test(code);
  return error instanceof Error && WORDS.some((words) => error.message.startsWith(words));
}

/** Tells whether a question to the database failed, whatever the reason. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof TypeORMError || isDatabaseAway(error);
}

/** The words of Postgres for a statement that it refused, without the statement; null for any other error. */
export function databaseRefusal(error: unknown): string | null {
  return error instanceof QueryFailedError ? (error.driverError as Error).message : null;
}
