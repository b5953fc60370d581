import { IngressConfig } from '@nexos/config';
import {
  BranchEntity,
  DeploymentEntity,
  EnvironmentEntity,
  ProjectEntity,
  BatchLoader,
  UnitOfWork,
} from '@nexos/database';
import {
  cancelDeployment,
  deployToBranch,
  findDeployments,
  type FoundDeployment,
  type WantedDeployment,
} from '@nexos/state';
import { isId, isUnfinished } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { findPage } from '../http/find-page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { LogEndEvent } from './deployment-log.response.js';
import { toDeploymentResponse, type DeploymentResponse } from './deployment.response.js';
import type { CreateDeploymentDto } from './dto/create-deployment.dto.js';
import type { DeploymentsQuery } from './dto/deployments-query.dto.js';

/** Of a branch that was deleted. */
const NO_HEAD = /^0+$/;
/** Two, so that the database has the next question while we read the answer to the last one. */
const READING = { underWay: 2, items: 100 };

/** Deployments of one account. */
@Injectable()
export class DeploymentsService {
  private readonly reading: BatchLoader<WantedDeployment, FoundDeployment | null>;

  constructor(
    dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly projects: ProjectsService,
    private readonly ingress: IngressConfig,
  ) {
    this.reading = new BatchLoader((wanted) => findDeployments(dataSource, wanted), READING);
  }

  /** @throws {ApiError} not-found, also for another account's deployment */
  async get(accountId: string, id: string): Promise<DeploymentResponse> {
    const found = isId('deployment', id) ? await this.reading.about({ accountId, id }) : null;
    if (found === null) throw notFound('deployment');
    return toDeploymentResponse(found, environmentUrl(this.ingress, found.hostname));
  }

  /** The newest first, one row more than was asked for where there is one. */
  list(
    of: { projectId: string } | { environmentId: string },
    { status, branch, ...page }: DeploymentsQuery,
  ): Promise<DeploymentEntity[]> {
    const where = {
      ...of,
      ...(status === undefined ? {} : { status }),
      ...(branch === undefined ? {} : { branch }),
    };
    return findPage(this.unitOfWork.manager, DeploymentEntity, where, page);
  }

  /**
   * Deploys a commit of a branch, or whatever the branch leads to.
   *
   * @throws {ApiError} not-found; conflict, while the project is being deleted
   */
  create(
    { accountId, credentialId: actor }: Principal,
    projectId: string,
    dto: CreateDeploymentDto,
  ): Promise<DeploymentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      // Nobody moves it to another repository until what is known of this one's branches is used.
      const project = await this.projects.get(accountId, projectId, { mode: 'for_no_key_update' });
      const sha = dto.commit_sha ?? (await this.knownHead(projectId, dto.branch));
      const commit = { sha, message: null, author: null };
      const { baseDomain } = this.ingress;
      const request = { trigger: 'api', actor } as const;
      const id = await deployToBranch(transaction, project, dto.branch, commit, request, baseDomain);
      if (id === null) throw new ApiError('conflict', 'The project is being deleted.');
      return this.changed(accountId, id);
    });
  }

  /**
   * Stops a deployment that has not come to its end; doing so again changes nothing.
   *
   * @throws {ApiError} not-found; conflict, when it has ended otherwise
   */
  cancel({ accountId, credentialId: actor }: Principal, id: string): Promise<DeploymentResponse> {
    return this.unitOfWork.run(async (transaction) => {
      const { environmentId } = await this.find(accountId, id);
      const status = await cancelDeployment(transaction, id, environmentId, {
        actor,
        reason: 'requested',
      });
      if (status !== 'cancelled') {
        throw new ApiError('conflict', `The deployment has come to its end already: it is ${status}.`);
      }
      return this.changed(accountId, id);
    });
  }

  /** @throws {ApiError} not-found, also for another account's deployment */
  async find(accountId: string, id: string): Promise<DeploymentEntity> {
    const deployment = isId('deployment', id)
      ? await this.unitOfWork.manager
          .createQueryBuilder(DeploymentEntity, 'deployment')
          .innerJoin(ProjectEntity, 'project', 'project.id = deployment.projectId')
          .where('deployment.id = :id AND project.accountId = :accountId', { id, accountId })
          .andWhere(`project.status <> 'deleted'`)
          .getOne()
      : null;
    if (deployment === null) throw notFound('deployment');
    return deployment;
  }

  /** Where a deployment stands, and whether that is its end. */
  async progress(id: string): Promise<{ state: LogEndEvent; ended: boolean }> {
    const { status } = await this.unitOfWork.manager.findOneOrFail(DeploymentEntity, {
      select: { id: true, status: true },
      where: { id },
    });
    return { state: { status }, ended: !isUnfinished(status) };
  }

  /** Adds to deployments what their rows alone do not tell, with one query for all of them. */
  async describe(deployments: readonly DeploymentEntity[]): Promise<DeploymentResponse[]> {
    const environments = await this.unitOfWork.manager.find(EnvironmentEntity, {
      select: { id: true, hostname: true },
      where: { id: In([...new Set(deployments.map(({ environmentId }) => environmentId))]) },
    });
    const hostnames = new Map(environments.map(({ id, hostname }) => [id, hostname]));
    return deployments.map((deployment) => {
      const hostname = hostnames.get(deployment.environmentId) ?? '';
      return toDeploymentResponse(deployment, environmentUrl(this.ingress, hostname));
    });
  }

  /** As the running transaction has made it. */
  private async changed(accountId: string, id: string): Promise<DeploymentResponse> {
    const [response] = await this.describe([await this.find(accountId, id)]);
    if (response === undefined) throw notFound('deployment');
    return response;
  }

  /** Where the branch stands as far as pushes have told; null where its builder has to ask. */
  private async knownHead(projectId: string, name: string): Promise<string | null> {
    const branch = await this.unitOfWork.manager.findOneBy(BranchEntity, { projectId, name });
    return branch === null || NO_HEAD.test(branch.headSha) ? null : branch.headSha;
  }
}
