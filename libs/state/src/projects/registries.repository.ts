import { RegistryEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { findPage, type PageRequest } from '../page.js';

/** The credentials of projects for registries. */
@Injectable()
export class RegistriesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  page(projectId: string, page: PageRequest): Promise<RegistryEntity[]> {
    return findPage(this.unitOfWork.manager, RegistryEntity, { projectId }, page);
  }

  /** Returns all credentials of a project, oldest first. */
  ofProject(projectId: string): Promise<RegistryEntity[]> {
    return this.unitOfWork.manager.find(RegistryEntity, { where: { projectId }, order: { id: 'ASC' } });
  }

  find(projectId: string, id: string): Promise<RegistryEntity | null> {
    return this.unitOfWork.manager.findOneBy(RegistryEntity, { projectId, id });
  }

  findByHost(projectId: string, host: string): Promise<RegistryEntity | null> {
    return this.unitOfWork.manager.findOneBy(RegistryEntity, { projectId, host });
  }

  /** Creates or updates credentials by id. */
  async save(
    registry: Pick<RegistryEntity, 'id' | 'projectId' | 'host' | 'user' | 'sealedPassword'>,
  ): Promise<RegistryEntity> {
    const { id, projectId, host, user, sealedPassword } = registry;
    await this.unitOfWork.manager.query(
      `INSERT INTO registries (id, project_id, host, username, sealed_password) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE
         SET username = excluded.username, sealed_password = excluded.sealed_password, updated_at = now()`,
      [id, projectId, host, user, sealedPassword],
    );
    return this.unitOfWork.manager.findOneByOrFail(RegistryEntity, { id });
  }

  count(projectId: string): Promise<number> {
    return this.unitOfWork.manager.countBy(RegistryEntity, { projectId });
  }

  async delete(projectId: string, id: string): Promise<void> {
    await this.unitOfWork.manager.delete(RegistryEntity, { id, projectId });
  }
}
