import { IngressConfig } from '@nexos/config';
import { BatchLoader, type DeploymentEntity, UnitOfWork } from '@nexos/database';
import {
  BranchesRepository,
  cancelDeployment,
  type DeploymentOfAccount,
  DeploymentsRepository,
  deployToBranch,
  type DeploymentWithHostname,
  EnvironmentsRepository,
} from '@nexos/state';
import { isId, isUnfinished } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { AccountTurns } from '../http/turns/account-turns.js';
import { assertNotPaused } from '../projects/assert-not-paused.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { LogEndEvent } from './deployment-log.response.js';
import { toDeploymentResponse, type DeploymentResponse } from './deployment.response.js';
import type { CreateDeploymentDto } from './dto/create-deployment.dto.js';
import type { DeploymentsQuery } from './dto/deployments-query.dto.js';
import { RequestedBranch } from './requested-branch.js';

/** Two queries in flight, so that the database works on one while we read the result of the other. */
const READ_BATCHES = { concurrency: 2, items: 100 };

/** Reads and changes the deployments of one account. */
@Injectable()
export class DeploymentsService {
  private readonly reading: BatchLoader<DeploymentOfAccount, DeploymentWithHostname | null>;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: AccountTurns,
    private readonly deployments: DeploymentsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly branches: BranchesRepository,
    private readonly projects: ProjectsService,
    private readonly requestedBranch: RequestedBranch,
    private readonly ingress: IngressConfig,
  ) {
    this.reading = new BatchLoader((wanted) => deployments.findSummaries(wanted), READ_BATCHES);
  }

  /** @throws {ApiError} not-found, also for another account's deployment */
  async get(accountId: string, id: string): Promise<DeploymentResponse> {
    const found = isId('deployment', id) ? await this.reading.load({ accountId, id }) : null;
    if (found === null) throw notFound('deployment');
    return toDeploymentResponse(found, environmentUrl(this.ingress, found.hostname));
  }

  /** Returns the newest first, plus one extra row if there is a next page. */
  list(
    of: { projectId: string } | { environmentId: string },
    { status, branch, ...page }: DeploymentsQuery,
  ): Promise<DeploymentEntity[]> {
    const filter = {
      ...of,
      ...(status === undefined ? {} : { status }),
      ...(branch === undefined ? {} : { branch }),
    };
    return this.deployments.page(filter, page);
  }

  /**
   * Deploys a commit of a branch, by default the latest.
   *
   * @throws {QuotaExceededError}
   * @throws {ApiError} not-found; branch_not_found; project-paused; conflict, while the project is being deleted, or when no branch is
   *   named and Nexos may not read the repository; service-unavailable, when no branch is named and the Git host does
   *   not answer
   */
  async create(
    { accountId, credentialId: actor }: Principal,
    projectId: string,
    dto: CreateDeploymentDto,
  ): Promise<DeploymentResponse> {
    const asked = await this.projects.get(accountId, projectId);
    const isActive = asked.status === 'active';
    assertNotPaused(asked);
    // Before the transaction, which must not wait for the Git host.
    const branch = isActive ? await this.requestedBranch.choose(asked, dto.branch) : (dto.branch ?? '');
    return this.turns.run(accountId, async (transaction) => {
      // Locked, so that nobody moves the project to another repository while we use its branches.
      const project = await this.projects.get(accountId, projectId, { isLocked: true });
      if (project.status !== 'active')
        throw new ApiError('conflict', 'The project is being deleted, so nothing can be deployed to it.');
      assertNotPaused(project);
      const sha = dto.commit_sha ?? (await this.branches.headOf(projectId, branch));
      const commit = { sha, message: null, author: null };
      const { baseDomain } = this.ingress;
      const request = { trigger: 'api', cause: { actor, reason: 'api' } } as const;
      const id = await deployToBranch(transaction, project, branch, commit, request, baseDomain);
      return this.changed(accountId, id);
    });
  }

  /**
   * Cancels an unfinished deployment. Idempotent.
   *
   * @throws {ApiError} not-found; conflict, when it has already finished in another status
   */
  cancel({ accountId, credentialId: actor }: Principal, id: string): Promise<DeploymentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      const { environmentId } = await this.find(accountId, id);
      const status = await cancelDeployment(transaction, id, environmentId, {
        actor,
        reason: 'requested',
      });
      if (status !== 'cancelled') {
        throw new ApiError('conflict', `The deployment can no longer be cancelled: its status is ${status}.`);
      }
      return this.changed(accountId, id);
    });
  }

  /** @throws {ApiError} not-found, also for another account's deployment */
  async find(accountId: string, id: string): Promise<DeploymentEntity> {
    const deployment = isId('deployment', id) ? await this.deployments.findOfAccount(accountId, id) : null;
    if (deployment === null) throw notFound('deployment');
    return deployment;
  }

  /** Returns the status of a deployment, and whether it has finished. */
  async progress(id: string): Promise<{ state: LogEndEvent; ended: boolean }> {
    const status = await this.deployments.statusOf(id);
    return { state: { status }, ended: !isUnfinished(status) };
  }

  /** Builds the responses for deployments, with one query for all their URLs. */
  async describe(deployments: readonly DeploymentEntity[]): Promise<DeploymentResponse[]> {
    const ids = deployments.map(({ environmentId }) => environmentId);
    const hostnames = await this.environments.hostnamesOf(ids);
    return deployments.map((deployment) => {
      const hostname = hostnames.get(deployment.environmentId) ?? '';
      return toDeploymentResponse(deployment, environmentUrl(this.ingress, hostname));
    });
  }

  /** Reads the deployment as the running transaction has changed it. */
  private async changed(accountId: string, id: string): Promise<DeploymentResponse> {
    const [response] = await this.describe([await this.find(accountId, id)]);
    if (response === undefined) throw notFound('deployment');
    return response;
  }
}
