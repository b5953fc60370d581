/**
 * Returns whether an UPDATE or DELETE sent through `query()` changed a row. TypeORM's Postgres driver returns a pair for
 * such a statement: the returned rows and the number of changed rows.
 */
export function affected(result: unknown): boolean {
  if (!Array.isArray(result) || typeof result[1] !== 'number') {
    throw new TypeError('not the result of an UPDATE or DELETE');
  }
  return result[1] > 0;
}
