import { QueryFailedError } from 'typeorm';

/**
 * Returns the SQLSTATE of a Postgres error, whether or not TypeORM wrapped it; undefined for any other error.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function postgresErrorCode(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
