import { type ProjectEntity, UnitOfWork } from '@nexos/database';
import { BranchesRepository, cancelQueued, deleteProject, ProjectsRepository } from '@nexos/state';
import { isId, newId, projectSlug } from '@nexos/domain';
import { changedSettings, initialSettings, type SettingsRow } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import type { CreateProjectDto } from './dto/create-project.dto.js';
import type { UpdateProjectDto } from './dto/update-project.dto.js';

const MAX_SLUG_ATTEMPTS = 50;

/** Manages the projects of one account. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly projects: ProjectsRepository,
    private readonly branches: BranchesRepository,
  ) {}

  /** Creates a project. Its slug is derived from its name, with a number appended if it is taken. */
  create(accountId: string, dto: CreateProjectDto): Promise<ProjectEntity> {
    return this.unitOfWork.run(async () => {
      const id = newId('project');
      const initial = initialSettings();
      const values = { ...initial, ...changesOf(initial, dto), id, accountId };
      for (let attempt = 0; attempt < MAX_SLUG_ATTEMPTS; attempt++) {
        const slug = projectSlug(dto.name, attempt);
        const project = await this.projects.insertUnlessTaken({ ...values, slug });
        if (project !== null) return project;
      }
      throw new ApiError('conflict', 'Too many projects already have this name. Choose another one.');
    });
  }

  /** Returns the page, plus one extra row if there is a next page. */
  list(accountId: string, page: PageQuery): Promise<ProjectEntity[]> {
    return this.projects.page(accountId, page);
  }

  /**
   * @param options.isLocked locks the row for the running transaction
   * @throws {ApiError} not-found, also for another account's project and for a deleted one
   */
  async get(accountId: string, id: string, options?: { isLocked: boolean }): Promise<ProjectEntity> {
    const project = isId('project', id) ? await this.projects.findOfAccount(accountId, id, options) : null;
    if (project === null) throw notFound('project');
    return project;
  }

  /**
   * Changes settings for future deployments. The slug never changes, so that URLs stay valid.
   *
   * @throws {ApiError} not-found; conflict, while the project is being deleted
   */
  update(
    { accountId, credentialId: actor }: Principal,
    id: string,
    dto: UpdateProjectDto,
  ): Promise<ProjectEntity> {
    return this.unitOfWork.run(async (transaction) => {
      const before = await this.get(accountId, id, { isLocked: true });
      const columns = changesOf(before, dto);
      if (Object.keys(columns).length === 0 && before.status === 'active') return before;
      const moves = columns.repositoryKey !== undefined && columns.repositoryKey !== before.repositoryKey;
      const isUpdated = await this.projects.update(id, {
        ...columns,
        ...(moves ? { installationId: null } : {}),
      });
      if (!isUpdated)
        throw new ApiError('conflict', 'The project is being deleted, so it can no longer be changed.');
      if (moves) {
        // The known branches and the queued commits belong to the old repository.
        await this.branches.forgetAll(id);
        await cancelQueued(transaction, id, { actor, reason: 'repository_changed' });
      }
      return this.get(accountId, id);
    });
  }

  /**
   * Requests the deletion of the project and all of its environments. Idempotent.
   *
   * @returns the project as it appears until then
   * @throws {ApiError} not-found
   */
  delete({ accountId, credentialId }: Principal, id: string): Promise<ProjectEntity> {
    return this.unitOfWork.run(async (transaction) => {
      const project = await this.get(accountId, id);
      await deleteProject(transaction, id, credentialId);
      return Object.assign(project, { status: 'deleting' as const });
    });
  }
}

/** Returns the columns that a body changes. */
function changesOf(before: SettingsRow, dto: UpdateProjectDto): Partial<ProjectEntity> {
  return {
    ...changedSettings(before, dto),
    ...(dto.name === undefined ? {} : { name: dto.name.trim() }),
    ...(dto.github_repo === undefined
      ? {}
      : { githubRepo: dto.github_repo, repositoryKey: dto.github_repo.toLowerCase() }),
  };
}
