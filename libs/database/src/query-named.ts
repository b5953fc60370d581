import type { EntityManager, ObjectLiteral } from 'typeorm';

/** Runs SQL in which `:name` stands for a parameter, so that a statement can be put together of parts. */
export function queryNamed<Row>(
  manager: EntityManager,
  sql: string,
  parameters: ObjectLiteral,
): Promise<Row[]> {
  const [text, values] = manager.dataSource.driver.escapeQueryWithParameters(sql, parameters);
  return manager.query<Row[]>(text, values);
}
