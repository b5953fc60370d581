import { ProjectEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { findPage, type PageRequest } from '../page.js';

/** The columns of a project that its account sets: its status and its lease are moved by `projects/transitions.ts`. */
export type ProjectColumns = Partial<Omit<ProjectEntity, 'status' | 'leaseOwner' | 'leaseUntil'>>;

/** Projects of accounts. A deleted one is no account's any more. */
@Injectable()
export class ProjectsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @throws when there is no such project */
  get(id: string): Promise<ProjectEntity> {
    return this.unitOfWork.manager.findOneByOrFail(ProjectEntity, { id });
  }

  /** @param isLocked whether the running transaction keeps others from changing the row */
  findOfAccount(accountId: string, id: string, { isLocked = false } = {}): Promise<ProjectEntity | null> {
    return this.unitOfWork.manager.findOne(ProjectEntity, {
      where: { id, accountId, status: Not('deleted' as const) },
      ...(isLocked && { lock: { mode: 'for_no_key_update' as const } }),
    });
  }

  page(accountId: string, page: PageRequest): Promise<ProjectEntity[]> {
    const where = { accountId, status: Not('deleted' as const) };
    return findPage(this.unitOfWork.manager, ProjectEntity, where, page);
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

  /** Changes a project that is active; false when it is being deleted. */
  async update(id: string, columns: ProjectColumns): Promise<boolean> {
    const result = await this.unitOfWork.manager
      .createQueryBuilder()
      .update(ProjectEntity)
      .set({ ...columns, updatedAt: () => 'now()' })
      .where({ id, status: 'active' })
      .execute();
    return (result.affected ?? 0) > 0;
  }

  /** Of some projects, those that have been deleted. An id that is not known is not among them. */
  async findDeleted(ids: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM projects WHERE id = ANY($1) AND status = 'deleted'`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }
}
