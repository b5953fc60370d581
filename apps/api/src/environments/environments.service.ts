import { IngressConfig } from '@nexos/config';
import { DeploymentEntity, EnvironmentEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { actOnEnvironment, destroyEnvironment, findBackups, restoreDatabase, rollBack } from '@nexos/state';
import { type DeploymentStatus, type EnvironmentAction, isId } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { findPage } from '../http/find-page.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { toDatabaseBackupResponse, type DatabaseBackupResponse } from './database-backup.response.js';
import { toEnvironmentResponse, type EnvironmentResponse } from './environment.response.js';

interface DeploymentsOf {
  environment_id: string;
  unfinished: DeploymentStatus[];
}

/** Environments of one account. */
@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ingress: IngressConfig,
  ) {}

  /** The newest first, one row more than was asked for where there is one. */
  listOf(projectId: string, page: PageQuery): Promise<EnvironmentEntity[]> {
    return findPage(this.unitOfWork.manager, EnvironmentEntity, { projectId }, page);
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
    return (await findBackups(this.unitOfWork.manager, id)).map(toDatabaseBackupResponse);
  }

  /** Adds to environments what their rows alone do not tell, with one query for all of them. */
  async describe(environments: readonly EnvironmentEntity[]): Promise<EnvironmentResponse[]> {
    const rows = await this.unitOfWork.manager.query<DeploymentsOf[]>(
      `SELECT environment_id, array_agg(status) AS unfinished FROM deployments
       WHERE environment_id = ANY($1) AND status IN ('queued', 'building', 'deploying') GROUP BY environment_id`,
      [environments.map((environment) => environment.id)],
    );
    const byEnvironment = new Map(rows.map((row) => [row.environment_id, row]));
    return environments.map((environment) => {
      const deployments = byEnvironment.get(environment.id);
      return toEnvironmentResponse(environment, {
        url: environmentUrl(this.ingress, environment.hostname),
        unfinished: deployments?.unfinished ?? [],
      });
    });
  }

  private async assertHas(environmentId: string, deploymentId: string): Promise<void> {
    const where = { id: deploymentId, environmentId };
    if (!(await this.unitOfWork.manager.existsBy(DeploymentEntity, where))) throw notFound('deployment');
  }

  private async find(accountId: string, id: string): Promise<EnvironmentEntity> {
    const environment = isId('environment', id)
      ? await this.unitOfWork.manager
          .createQueryBuilder(EnvironmentEntity, 'environment')
          .innerJoin(ProjectEntity, 'project', 'project.id = environment.projectId')
          .where('environment.id = :id AND project.accountId = :accountId', { id, accountId })
          .andWhere(`project.status <> 'deleted'`)
          .getOne()
      : null;
    if (environment === null) throw notFound('environment');
    return environment;
  }
}
