import { ProjectEntity } from '@nexos/database';
import {
  LessThan,
  type EntityManager,
  type EntityTarget,
  type FindOptionsOrder,
  type FindOptionsWhere,
} from 'typeorm';

/** The requested page of a list. */
export interface PageRequest {
  readonly limit: number;
  /** The id of the last row of the previous page. */
  readonly cursor?: string;
}

/**
 * Finds the rows of a page, newest first, plus one more row if it exists, by which the caller knows that a next page
 * exists.
 */
export function findPage<Row extends { id: string }>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  where: FindOptionsWhere<Row>,
  { limit, cursor }: PageRequest,
): Promise<Row[]> {
  return manager.find(entity, {
    where: { ...where, ...(cursor === undefined ? {} : { id: LessThan(cursor) }) } as FindOptionsWhere<Row>,
    order: { id: 'DESC' } as FindOptionsOrder<Row>,
    take: limit + 1,
  });
}

/** Finds a row in a project of the account; null when it is another account's, or the project was deleted. */
export function findOwned<Row extends { id: string; projectId: string }>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  accountId: string,
  id: string,
): Promise<Row | null> {
  return manager
    .createQueryBuilder(entity, 'owned')
    .innerJoin(ProjectEntity, 'project', 'project.id = owned.projectId')
    .where('owned.id = :id AND project.accountId = :accountId', { id, accountId })
    .andWhere(`project.status <> 'deleted'`)
    .getOne();
}
