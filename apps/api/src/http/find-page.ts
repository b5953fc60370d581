import {
  LessThan,
  type EntityManager,
  type EntityTarget,
  type FindOptionsOrder,
  type FindOptionsWhere,
} from 'typeorm';
import type { PageQuery } from './page.js';

/**
 * The rows of a page, the newest first, and one row more than was asked for where there is one: that is how
 * `finishPage` knows of the next page.
 */
export function findPage<Row extends { id: string }>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  where: FindOptionsWhere<Row>,
  { limit, cursor }: PageQuery,
): Promise<Row[]> {
  return manager.find(entity, {
    where: { ...where, ...(cursor === undefined ? {} : { id: LessThan(cursor) }) } as FindOptionsWhere<Row>,
    order: { id: 'DESC' } as FindOptionsOrder<Row>,
    take: limit + 1,
  });
}
