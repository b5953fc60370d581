import { ServicesConfig } from '@nexos/config';
import { type ProjectEntity, UnitOfWork } from '@nexos/database';
import {
  admitProject,
  BranchesRepository,
  cancelQueued,
  destroyForks,
  deleteProject,
  ProjectServicesRepository,
  ProjectsRepository,
  recordAudit,
  recordConfirmed,
  resumeDeploys,
} from '@nexos/state';
import { changedFields, isId, newId, projectSlug } from '@nexos/domain';
import {
  changedSettings,
  configuredSettings,
  dataProblems,
  initialSettings,
  offerProblems,
  offerWith,
  type RepositoryConfig,
  type ServiceData,
  type ServiceOffer,
  type SettingsRow,
} from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { RepositoryCheck } from '../github/repository-check.js';
import type { PageQuery } from '../http/page.js';
import { AccountTurns } from '../http/turns/account-turns.js';
import { ApiError, notFound, refused } from '../http/problems/api-error.js';
import { assertKeepsRepository } from './assert-keeps-repository.js';
import { auditedProject, shownProject } from './audited-project.js';
import { changedVersions } from './changed-versions.js';
import type { CreateProjectDto } from './dto/create-project.dto.js';
import type { UpdateProjectDto } from './dto/update-project.dto.js';
import { parseConfigText } from './parse-config-text.js';
import {
  type ChosenRepository,
  connected,
  isMove,
  keepsAccess,
  named,
  nameOnly,
  UNCHANGED,
} from './repository-columns.js';

const MAX_SLUG_ATTEMPTS = 50;

/** Manages the projects of one account. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: AccountTurns,
    private readonly projects: ProjectsRepository,
    private readonly branches: BranchesRepository,
    private readonly projectServices: ProjectServicesRepository,
    private readonly services: ServicesConfig,
    private readonly check: RepositoryCheck,
  ) {}

  /**
   * Creates a project. Its slug is derived from its name, with a number appended if it is taken. Fields of the body win
   * over those of its `config`.
   *
   * @throws {QuotaExceededError}
   * @throws {ApiError} validation; conflict, when too many projects have the name; repository-not-yours; and
   *   service-unavailable, while GitHub cannot tell whether the account may use the repository
   */
  async create(accountId: string, dto: CreateProjectDto): Promise<ProjectEntity> {
    const config =
      dto.config === undefined ? {} : parseConfigText(dto.config, this.services.offer(), 'config.');
    const name = dto.name ?? config.name;
    if (name === undefined) {
      throw refused([{ field: 'name', message: 'must be given, since config has no name' }]);
    }
    const repository = await this.repositoryOf(accountId, dto.github_repo);
    return this.turns.run(accountId, async (transaction) => {
      const id = newId('project');
      const initial = { ...initialSettings(), settings: configuredSettings({ settings: {} }, config) };
      const changes = { ...changesOf(initial, dto), ...repository.columns, name: name.trim() };
      this.assertOffered(initial, changes, this.services.offer());
      const values = { ...initial, ...changes, id, accountId };
      await admitProject(transaction, accountId);
      for (let attempt = 0; attempt < MAX_SLUG_ATTEMPTS; attempt++) {
        const slug = projectSlug(name, attempt);
        const project = await this.projects.insertUnlessTaken({ ...values, slug });
        if (project === null) continue;
        if (repository.confirmed !== null) await recordConfirmed(transaction, repository.confirmed);
        const after = shownProject(auditedProject(project));
        await recordAudit(transaction, { action: 'project.create', subject: id, projectId: id, after });
        return project;
      }
      throw new ApiError('conflict', 'Too many projects already have this name. Choose another one.');
    });
  }

  /**
   * Returns the page, plus one extra row if there is a next page.
   *
   * @param among only these projects
   */
  list(accountId: string, page: PageQuery, among?: readonly string[]): Promise<ProjectEntity[]> {
    return this.projects.page(accountId, page, among);
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
   * Returns the versions that the project can choose, with those that its data has.
   *
   * @throws {ApiError} not-found
   */
  async offerTo(accountId: string, id: string): Promise<ServiceOffer> {
    const project = await this.get(accountId, id);
    return offerWith(this.services.offer(), await this.projectServices.dataOf(project.id));
  }

  /**
   * Changes settings for future deployments. The slug never changes, so that URLs stay valid.
   *
   * @throws {ApiError} not-found; validation, for a version that is not offered; conflict, while the project is being
   *   deleted, or when its data has another version; forbidden, for another repository with a key that is limited to
   *   projects; for a repository, as `create` does
   */
  async update(caller: Principal, id: string, dto: UpdateProjectDto): Promise<ProjectEntity> {
    const { github_repo: name } = dto;
    if (name !== undefined) assertKeepsRepository(caller, await this.get(caller.accountId, id), name);
    const isChecked = name !== undefined && !(await this.isConnectedTo(name, caller.accountId, id));
    const repository = isChecked ? await this.repositoryOf(caller.accountId, name) : UNCHANGED;
    const changesTo = (before: ProjectEntity) => {
      // It may have moved while GitHub was asked.
      if (name !== undefined) assertKeepsRepository(caller, before, name);
      return changesOf(before, dto);
    };
    return this.change(caller, id, changesTo, repository);
  }

  /** Returns a repository as GitHub describes it, if it has to be asked. */
  private async repositoryOf(accountId: string, name: string): Promise<ChosenRepository> {
    if (!(await this.check.isRequired())) return named(name);
    return connected(await this.check.confirm(accountId, name));
  }

  /** Returns whether GitHub has confirmed the project's repository, it has this name, and nothing is known against it. */
  private async isConnectedTo(name: string, accountId: string, id: string): Promise<boolean> {
    if (!(await this.check.isRequired())) return false;
    const { accessCheckedAt, repositoryKey, pausedReason } = await this.get(accountId, id);
    return accessCheckedAt !== null && repositoryKey === name.toLowerCase() && pausedReason === null;
  }

  /**
   * Replaces all settings that a `nexos.yaml` can have with those of a file, for future deployments.
   *
   * @throws {ApiError} as `update` does
   */
  configure(caller: Principal, id: string, config: RepositoryConfig): Promise<ProjectEntity> {
    return this.change(caller, id, (before) => ({
      settings: configuredSettings(before, config),
      ...(config.name === undefined ? {} : { name: config.name.trim() }),
    }));
  }

  private change(
    { accountId, credentialId: actor }: Principal,
    id: string,
    changesTo: (before: ProjectEntity) => Partial<ProjectEntity>,
    repository = UNCHANGED,
  ): Promise<ProjectEntity> {
    return this.unitOfWork.run(async (transaction) => {
      const before = await this.get(accountId, id, { isLocked: true });
      const isKept = keepsAccess(before, repository);
      const chosen = isKept ? nameOnly(repository) : repository.columns;
      const columns: Partial<ProjectEntity> = { ...changesTo(before), ...chosen };
      if (Object.keys(columns).length === 0 && before.status === 'active') return before;
      const data = await this.projectServices.dataOf(id);
      this.assertOffered(before, columns, offerWith(this.services.offer(), data));
      this.assertSameData(before, columns, data);
      const moves = isMove(before, columns);
      const isNamed = columns.repositoryKey !== undefined;
      // An installation that a pause is about has to be found again. Deliveries do not tell it to a project that keeps its access.
      const isAboutPause = isNamed && before.pausedReason !== null;
      const forgetsInstallation = moves || (isAboutPause && !(isKept && this.check.keepsInstallations));
      const isUpdated = await this.projects.update(id, {
        ...(forgetsInstallation ? { installationId: null } : {}),
        ...columns,
      });
      if (!isUpdated)
        throw new ApiError('conflict', 'The project is being deleted, so it can no longer be changed.');
      if (repository.confirmed !== null) await recordConfirmed(transaction, repository.confirmed);
      if (moves) {
        // The known branches and the queued commits belong to the old repository.
        await this.branches.forgetAll(id);
        await cancelQueued(transaction, id, { actor, reason: 'repository_changed' });
        await destroyForks(transaction, id, { actor, reason: 'repository_changed' });
      }
      // The reason was about the old repository, or GitHub and the Git host are asked again.
      if (isNamed) await resumeDeploys(transaction, await this.get(accountId, id), actor);
      const after = await this.get(accountId, id);
      const changed = changedFields(auditedProject(before), auditedProject(after), shownProject);
      const line = { action: 'project.update', subject: id, projectId: id } as const;
      if (changed !== null) await recordAudit(transaction, { ...line, ...changed });
      return after;
    });
  }

  private assertOffered(before: SettingsRow, columns: Partial<SettingsRow>, offer: ServiceOffer): void {
    const problems = offerProblems(changedVersions(before, columns), offer);
    if (problems.length > 0) throw refused(problems.map(({ path, message }) => ({ field: path, message })));
  }

  private assertSameData(before: SettingsRow, columns: Partial<SettingsRow>, data: ServiceData): void {
    const problems = dataProblems(changedVersions(before, columns), data);
    if (problems.length === 0) return;
    throw new ApiError('conflict', problems.map(({ path, message }) => `${path} ${message}.`).join(' '));
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

/** Returns the columns that a body changes, except for those of its repository. */
function changesOf(before: SettingsRow, dto: UpdateProjectDto): Partial<ProjectEntity> {
  return {
    ...changedSettings(before, dto),
    ...(dto.name === undefined ? {} : { name: dto.name.trim() }),
  };
}
