import { ProjectEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { And, In, LessThan, Not } from 'typeorm';
import { type PageRequest } from '../page.js';

/** The columns of a project except its lease and its status, which `projects/transitions.ts` changes. */
export type ProjectColumns = Partial<Omit<ProjectEntity, 'status' | 'leaseOwner' | 'leaseUntil'>>;

/** Projects of accounts. A deleted project no longer belongs to an account. */
@Injectable()
export class ProjectsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @throws when the project does not exist */
  get(id: string): Promise<ProjectEntity> {
    return this.unitOfWork.manager.findOneByOrFail(ProjectEntity, { id });
  }

  /** @param isLocked whether to lock the row against changes by other transactions */
  findOfAccount(accountId: string, id: string, { isLocked = false } = {}): Promise<ProjectEntity | null> {
    return this.unitOfWork.manager.findOne(ProjectEntity, {
      where: { id, accountId, status: Not('deleted' as const) },
      ...(isLocked && { lock: { mode: 'for_no_key_update' as const } }),
    });
  }

  /** @param among only these projects; by default all of the account */
  page(accountId: string, page: PageRequest, among?: readonly string[]): Promise<ProjectEntity[]> {
    const { limit, cursor } = page;
    const ids = [
      ...(among === undefined ? [] : [In(among)]),
      ...(cursor === undefined ? [] : [LessThan(cursor)]),
    ];
    return this.unitOfWork.manager.find(ProjectEntity, {
      where: { accountId, status: Not('deleted' as const), ...(ids.length > 0 && { id: And(...ids) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
  }

  /** Returns those of the ids that are projects of the account. */
  async ownedAmong(accountId: string, ids: readonly string[]): Promise<string[]> {
    const where = { id: In(ids), accountId, status: Not('deleted' as const) };
    const found = await this.unitOfWork.manager.find(ProjectEntity, { where, select: { id: true } });
    return found.map(({ id }) => id);
  }

  /** Inserts a project; null when its slug is taken. */
  async insertUnlessTaken(project: ProjectColumns & { id: string }): Promise<ProjectEntity | null> {
    const result = await this.unitOfWork.manager
      .createQueryBuilder()
      .insert()
      .into(ProjectEntity)
      .values(project)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0 ? this.get(project.id) : null;
  }

  /** Changes an active project; returns false when it is being deleted. */
  async update(id: string, columns: ProjectColumns): Promise<boolean> {
    const result = await this.unitOfWork.manager
      .createQueryBuilder()
      .update(ProjectEntity)
      .set({ ...columns, updatedAt: () => 'now()' })
      .where({ id, status: 'active' })
      .execute();
    return (result.affected ?? 0) > 0;
  }

  /** Returns those of the projects that have been deleted, without unknown ids. */
  async findDeleted(ids: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM projects WHERE id = ANY($1) AND status = 'deleted'`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }
}
