import { QueryFailedError } from 'typeorm';

/**
 * The SQLSTATE of an error that Postgres answered, whether or not TypeORM was in between; undefined for any other.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function postgresErrorCode(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
