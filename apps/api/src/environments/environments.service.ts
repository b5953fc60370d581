import { IngressConfig } from '@nexos/config';
import { type EnvironmentEntity, UnitOfWork } from '@nexos/database';
import {
  actOnEnvironment,
  DatabaseBackupsRepository,
  DeploymentsRepository,
  destroyEnvironment,
  EnvironmentsRepository,
  restoreDatabase,
  rollBack,
} from '@nexos/state';
import { type EnvironmentAction, isId } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { toDatabaseBackupResponse, type DatabaseBackupResponse } from './database-backup.response.js';
import { toEnvironmentResponse, type EnvironmentResponse } from './environment.response.js';

/** Environments of one account. */
@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly environments: EnvironmentsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly databaseBackups: DatabaseBackupsRepository,
    private readonly ingress: IngressConfig,
  ) {}

  /** The newest first, one row more than was asked for where there is one. */
  listOf(projectId: string, page: PageQuery): Promise<EnvironmentEntity[]> {
    return this.environments.page(projectId, page);
  }

  /** @throws {ApiError} not-found, also for another account's environment */
  async get(accountId: string, id: string): Promise<EnvironmentResponse> {
    const [response] = await this.describe([await this.find(accountId, id)]);
    if (response === undefined) throw notFound('environment');
    return response;
  }

  /** Asks for it to be destroyed; doing so again changes nothing. */
  async destroy({ accountId, credentialId: actor }: Principal, id: string): Promise<EnvironmentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.find(accountId, id);
      await destroyEnvironment(transaction, id, { actor, reason: 'requested' });
      return this.get(accountId, id);
    });
  }

  /**
   * Asks for it to be paused, resumed, reset or built again; doing so while that is under way changes nothing.
   *
   * @throws {ApiError} not-found; conflict, saying why it cannot be done as things stand
   */
  act(
    { accountId, credentialId: actor }: Principal,
    id: string,
    action: EnvironmentAction,
  ): Promise<EnvironmentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.find(accountId, id);
      const { refused } = await actOnEnvironment(transaction, id, action, actor);
      if (refused !== null) throw new ApiError('conflict', refused);
      return this.get(accountId, id);
    });
  }

  /**
   * Puts an earlier version back; doing so while that is under way changes nothing.
   *
   * @param deploymentId null: the version that was live before the present one
   * @throws {ApiError} not-found, also for a deployment of another environment; conflict, saying why it cannot be done
   */
  rollBack(
    { accountId, credentialId: actor }: Principal,
    id: string,
    deploymentId: string | null,
  ): Promise<EnvironmentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.find(accountId, id);
      if (deploymentId !== null) await this.assertHas(id, deploymentId);
      const { refused } = await rollBack(transaction, id, deploymentId, actor);
      if (refused !== null) throw new ApiError('conflict', refused);
      return this.get(accountId, id);
    });
  }

  /**
   * Asks for a database that was put aside to be brought back.
   *
   * @param generation of the database; null: the one that was put aside last
   * @throws {ApiError} not-found; conflict, saying why it cannot be done as things stand
   */
  restore(
    { accountId, credentialId: actor }: Principal,
    id: string,
    generation: number | null,
  ): Promise<EnvironmentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.find(accountId, id);
      const { refused } = await restoreDatabase(transaction, id, generation, actor);
      if (refused !== null) throw new ApiError('conflict', refused);
      return this.get(accountId, id);
    });
  }

  /** The databases that were put aside and can be brought back, the newest first. */
  async backups(accountId: string, id: string): Promise<DatabaseBackupResponse[]> {
    await this.find(accountId, id);
    return (await this.databaseBackups.findRestorable(id)).map(toDatabaseBackupResponse);
  }

  /** Adds to environments what their rows alone do not tell, with one query for all of them. */
  async describe(environments: readonly EnvironmentEntity[]): Promise<EnvironmentResponse[]> {
    const unfinished = await this.environments.unfinishedIn(environments.map(({ id }) => id));
    return environments.map((environment) =>
      toEnvironmentResponse(environment, {
        url: environmentUrl(this.ingress, environment.hostname),
        unfinished: unfinished.get(environment.id) ?? [],
      }),
    );
  }

  private async assertHas(environmentId: string, deploymentId: string): Promise<void> {
    if (!(await this.deployments.isOf(environmentId, deploymentId))) throw notFound('deployment');
  }

  private async find(accountId: string, id: string): Promise<EnvironmentEntity> {
    const environment = isId('environment', id) ? await this.environments.findOfAccount(accountId, id) : null;
    if (environment === null) throw notFound('environment');
    return environment;
  }
}
