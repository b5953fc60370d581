import { Sealer, sealIdentity } from '@nexos/crypto';
import { type RegistryEntity, UnitOfWork } from '@nexos/database';
import { changedFields, isId, MAX_REGISTRIES, newId, registryHost, type RegistryLogin } from '@nexos/domain';
import { recordAudit, RegistriesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { isOtherSecret } from '../audit/is-other-secret.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { ProjectsService } from '../projects/projects.service.js';

/** Manages the credentials of an account's projects for registries. */
@Injectable()
export class RegistriesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly registries: RegistriesRepository,
    private readonly projects: ProjectsService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Returns the newest first, plus one extra row if there is a next page.
   *
   * @throws {ApiError} not-found, also for another account's project
   */
  async list(accountId: string, projectId: string, page: PageQuery): Promise<RegistryEntity[]> {
    await this.projects.get(accountId, projectId);
    return this.registries.page(projectId, page);
  }

  /** Creates or updates the credentials for a registry. Locks the project's row, so that requests cannot exceed the limit. */
  put(accountId: string, projectId: string, login: RegistryLogin): Promise<RegistryEntity> {
    const host = registryHost(login.host);
    return this.unitOfWork.run(async (transaction) => {
      await this.lockProject(accountId, projectId);
      const known = await this.registries.findByHost(projectId, host);
      const id = known?.id ?? newId('registry');
      const sealedPassword = this.sealer.seal(login.password, sealIdentity.registry(id));
      const saved = await this.registries.save({ id, projectId, host, user: login.user, sealedPassword });
      if ((await this.registries.count(projectId)) > MAX_REGISTRIES) {
        throw new ApiError(
          'conflict',
          `A project can have credentials for at most ${MAX_REGISTRIES} registries. Delete some first.`,
        );
      }
      const before = known && auditedRegistry(known);
      const after = auditedRegistry(saved);
      const password_changed =
        known !== null &&
        isOtherSecret(this.sealer, known.sealedPassword, sealIdentity.registry(id), login.password);
      if (before !== null && changedFields(before, after) === null && !password_changed) return saved;
      await recordAudit(transaction, {
        action: 'registry.put',
        subject: id,
        projectId,
        before,
        after: { ...after, ...(password_changed && { password_changed }) },
      });
      return saved;
    });
  }

  /** @throws {ApiError} not-found, also if they are already deleted */
  async delete(accountId: string, projectId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async (transaction) => {
      await this.lockProject(accountId, projectId);
      const deleted = isId('registry', id) ? await this.registries.find(projectId, id) : null;
      if (deleted === null) throw notFound('registry');
      await this.registries.delete(projectId, id);
      const before = auditedRegistry(deleted);
      await recordAudit(transaction, { action: 'registry.delete', subject: id, projectId, before });
    });
  }

  private async lockProject(accountId: string, id: string): Promise<void> {
    const { status } = await this.projects.get(accountId, id, { isLocked: true });
    if (status === 'deleting')
      throw new ApiError(
        'conflict',
        'The project is being deleted, so its credentials for registries can no longer be changed.',
      );
  }
}

/** Returns what the audit log shows of a registry: never the password. */
function auditedRegistry({ host, user }: RegistryEntity) {
  return { host, user };
}
