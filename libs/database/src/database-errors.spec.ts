import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isDatabaseUnavailable } from './database-errors.js';

const withCode = (code: string) => Object.assign(new Error('an error message'), { code });
const wrappedByTypeOrm = (error: Error) => new QueryFailedError('SELECT 1', [], error);

describe('isDatabaseUnavailable', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '08006', '53300', '57P01', '57P03', '57014', '25P03'])(
    'treats %s as an unreachable or overloaded database',
    (code) => {
      expect(isDatabaseUnavailable(withCode(code))).toBe(true);
      expect(isDatabaseUnavailable(wrappedByTypeOrm(withCode(code)))).toBe(true);
    },
  );

  it.each([
    'timeout exceeded when trying to connect',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
  ])('treats "%s" as an unreachable database', (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
    expect(isDatabaseUnavailable(wrappedByTypeOrm(new Error(message)))).toBe(true);
  });

  it.each(['23505', '40P01', '42P01', '55P03', 'ENOENT', '22P02'])(
    'treats %s as an error of a reachable database',
    (code) => {
      expect(isDatabaseUnavailable(withCode(code))).toBe(false);
      expect(isDatabaseUnavailable(wrappedByTypeOrm(withCode(code)))).toBe(false);
    },
  );

  it.each([null, undefined, 'ECONNREFUSED', {}, new Error('x is not a function')])(
    'treats %s as another kind of error',
    (error) => {
      expect(isDatabaseUnavailable(error)).toBe(false);
    },
  );
});
