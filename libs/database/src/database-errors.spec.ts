import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from './database-errors.js';

const withCode = (code: string) => Object.assign(new Error('told in words'), { code });
const asTypeOrmTells = (error: Error) => new QueryFailedError('SELECT 1', [], error);

describe('a question that failed', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '08006', '53300', '57P01', '57P03', '57014', '25P03'])(
    'with %s has not reached the database, or found it without room',
    (code) => {
      expect(isDatabaseAway(withCode(code))).toBe(true);
      expect(isDatabaseAway(asTypeOrmTells(withCode(code)))).toBe(true);
    },
  );

  it.each([
    'timeout exceeded when trying to connect',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
  ])('since "%s" has not either', (message) => {
    expect(isDatabaseAway(new Error(message))).toBe(true);
    expect(isDatabaseAway(asTypeOrmTells(new Error(message)))).toBe(true);
  });

  it.each(['23505', '40P01', '42P01', '55P03', 'ENOENT', '22P02'])('with %s was answered', (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(false);
    expect(isDatabaseAway(asTypeOrmTells(withCode(code)))).toBe(false);
  });

  it.each([null, undefined, 'ECONNREFUSED', {}, new Error('x is not a function')])(
    'with %s did so for another reason',
    (error) => {
      expect(isDatabaseAway(error)).toBe(false);
    },
  );
});
