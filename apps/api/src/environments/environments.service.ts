import { IngressConfig } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity, UnitOfWork } from '@nexos/database';
import {
  actOnEnvironment,
  DatabaseBackupsRepository,
  DeploymentsRepository,
  destroyEnvironment,
  EnvironmentHealthRepository,
  EnvironmentsRepository,
  HostnamesRepository,
  restoreDatabase,
  rollBack,
  ServiceStorageRepository,
} from '@nexos/state';
import { type EnvironmentAction, isId } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { AccountTurns } from '../http/turns/account-turns.js';
import { toDatabaseBackupResponse, type DatabaseBackupResponse } from './database-backup.response.js';
import { type EnvironmentContainerResponse, toContainerResponses } from './environment-container.response.js';
import { toEnvironmentDetails, type EnvironmentDetailsResponse } from './environment-details.response.js';
import { toEnvironmentResponse, type EnvironmentResponse } from './environment.response.js';

/** Reads and changes the environments of one account. */
@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: AccountTurns,
    private readonly environments: EnvironmentsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly databaseBackups: DatabaseBackupsRepository,
    private readonly healths: EnvironmentHealthRepository,
    private readonly hostnames: HostnamesRepository,
    private readonly storage: ServiceStorageRepository,
    private readonly ingress: IngressConfig,
  ) {}

  /** Returns the newest first, plus one extra row if there is a next page. */
  listOf(projectId: string, page: PageQuery): Promise<EnvironmentEntity[]> {
    return this.environments.page(projectId, page);
  }

  /** @throws {ApiError} not-found, also for another account's environment */
  async get(accountId: string, id: string): Promise<EnvironmentResponse> {
    const [response] = await this.describe([await this.find(accountId, id)]);
    if (response === undefined) throw notFound('environment');
    return response;
  }

  /**
   * Returns an environment with the settings of its live version.
   *
   * @throws {ApiError} not-found, also for another account's environment
   */
  async getDetails(accountId: string, id: string): Promise<EnvironmentDetailsResponse> {
    const environment = await this.get(accountId, id);
    const { live_deployment_id: live } = environment;
    const deployment = live === null ? null : await this.deployments.find(live);
    const containers = deployment === null ? [] : await this.containersOf(environment, deployment);
    return toEnvironmentDetails(environment, deployment, containers, await this.storage.ofEnvironment(id));
  }

  /** Requests the destruction of an environment. Idempotent. */
  async destroy({ accountId, credentialId: actor }: Principal, id: string): Promise<EnvironmentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.find(accountId, id);
      await destroyEnvironment(transaction, id, { actor, reason: 'requested' });
      return this.get(accountId, id);
    });
  }

  /**
   * Requests a pause, resume, reset or rebuild. Idempotent while that is in progress.
   *
   * @throws {QuotaExceededError} when a rebuild or resume needs more than the account may use
   * @throws {ApiError} not-found; project-paused, for a rebuild; conflict, saying why it is not possible in the current state
   */
  act(
    { accountId, credentialId: actor }: Principal,
    id: string,
    action: EnvironmentAction,
  ): Promise<EnvironmentResponse> {
    return this.turns.run(accountId, async (transaction) => {
      await this.find(accountId, id);
      const { refused, isPaused } = await actOnEnvironment(transaction, id, action, actor);
      if (refused !== null) throw new ApiError(isPaused === true ? 'project-paused' : 'conflict', refused);
      return this.get(accountId, id);
    });
  }

  /**
   * Rolls back to an earlier version. Idempotent while the rollback is in progress.
   *
   * @param deploymentId null for the version that was live before the current one
   * @throws {QuotaExceededError}
   * @throws {ApiError} not-found, also for a deployment of another environment; conflict, saying why it is not possible
   */
  rollBack(
    { accountId, credentialId: actor }: Principal,
    id: string,
    deploymentId: string | null,
  ): Promise<EnvironmentResponse> {
    return this.turns.run(accountId, async (transaction) => {
      await this.find(accountId, id);
      if (deploymentId !== null) await this.assertHas(id, deploymentId);
      const { refused } = await rollBack(transaction, id, deploymentId, actor);
      if (refused !== null) throw new ApiError('conflict', refused);
      return this.get(accountId, id);
    });
  }

  /**
   * Requests the restore of a database backup.
   *
   * @param generation the backup; null for the latest
   * @throws {ApiError} not-found; conflict, saying why it is not possible in the current state
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

  /** Returns the database backups that can be restored, newest first. */
  async backups(accountId: string, id: string): Promise<DatabaseBackupResponse[]> {
    await this.find(accountId, id);
    return (await this.databaseBackups.findRestorable(id)).map(toDatabaseBackupResponse);
  }

  /** Builds the responses for environments, with one query each for the unfinished deployments and the health of all. */
  async describe(environments: readonly EnvironmentEntity[]): Promise<EnvironmentResponse[]> {
    const ids = environments.map(({ id }) => id);
    const [unfinished, healths] = [await this.environments.unfinishedIn(ids), await this.healths.findOf(ids)];
    return environments.map((environment) =>
      toEnvironmentResponse(environment, {
        url: environmentUrl(this.ingress, environment.hostname),
        unfinished: unfinished.get(environment.id) ?? [],
        health: healths.get(environment.id),
      }),
    );
  }

  private async containersOf(
    { id, health }: EnvironmentResponse,
    deployment: DeploymentEntity,
  ): Promise<EnvironmentContainerResponse[]> {
    const hostnames = await this.hostnames.ofEnvironment(id);
    const urls = [...hostnames].map(
      ([container, hostname]) => [container, environmentUrl(this.ingress, hostname)] as const,
    );
    const healths = health === null ? [] : await this.healths.findContainers(id, deployment.id);
    return toContainerResponses(deployment, new Map(urls), healths);
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
