import type { EntityManager, ObjectLiteral } from 'typeorm';

/** Runs SQL with `:name` parameters, so that a statement can be composed of parts. */
export function queryNamed<Row>(
  manager: EntityManager,
  sql: string,
  parameters: ObjectLiteral,
): Promise<Row[]> {
  const [text, values] = manager.dataSource.driver.escapeQueryWithParameters(sql, parameters);
  return manager.query<Row[]>(text, values);
}
