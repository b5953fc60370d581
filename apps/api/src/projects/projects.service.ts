import { ProjectEntity, UnitOfWork } from '@nexos/database';
import { isId, newId, projectSlug } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../problems/api-error.js';
import type { CreateProjectDto } from './dto/create-project.dto.js';

const MAX_SLUG_ATTEMPTS = 50;

/** Projects of one account. */
@Injectable()
export class ProjectsService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Makes a project; its slug is derived from its name and numbered where it is taken. */
  async create(accountId: string, dto: CreateProjectDto): Promise<ProjectEntity> {
    const id = newId('project');
    for (let attempt = 0; attempt < MAX_SLUG_ATTEMPTS; attempt++) {
      const result = await this.unitOfWork.manager
        .createQueryBuilder()
        .insert()
        .into(ProjectEntity)
        .values({ ...columnsOf(dto), id, accountId, slug: projectSlug(dto.name, attempt) })
        .orIgnore()
        .returning('id')
        .execute();
      if ((result.raw as unknown[]).length > 0) {
        return this.unitOfWork.manager.findOneByOrFail(ProjectEntity, { id });
      }
    }
    throw new ApiError('conflict', 'Too many projects have this name already; choose another one.');
  }

  /** One row more than was asked for, where there is one: that is how the next page is known. */
  list(accountId: string, page: PageQuery): Promise<ProjectEntity[]> {
    return this.unitOfWork.manager.find(ProjectEntity, {
      where: { accountId, ...(page.cursor === undefined ? {} : { id: LessThan(page.cursor) }) },
      order: { id: 'DESC' },
      take: page.limit + 1,
    });
  }

  /** @throws {ApiError} not-found, also for another account's project */
  async get(accountId: string, id: string): Promise<ProjectEntity> {
    const project = isId('project', id)
      ? await this.unitOfWork.manager.findOneBy(ProjectEntity, { id, accountId })
      : null;
    if (project === null) throw notFound('project');
    return project;
  }
}

function columnsOf(dto: CreateProjectDto) {
  return {
    name: dto.name.trim(),
    githubRepo: dto.github_repo,
    repositoryKey: dto.github_repo.toLowerCase(),
    dockerfile: dto.dockerfile,
    buildContext: dto.build_context,
    buildTimeoutSeconds: dto.build_timeout_seconds,
    servicePostgres: dto.services.postgres,
    serviceRedis: dto.services.redis,
    serviceS3: dto.services.s3,
    port: dto.port,
    healthCheckPath: dto.health_check_path,
    cpu: dto.cpu,
    memoryMb: dto.memory_mb,
  };
}
