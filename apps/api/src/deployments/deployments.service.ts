import { IngressConfig } from '@nexos/config';
import { DeploymentEntity, EnvironmentEntity, ProjectEntity } from '@nexos/database';
import { isId, isUnfinished, type DeploymentStatus } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notFound } from '../problems/api-error.js';
import { toDeploymentResponse, type DeploymentResponse } from './deployment.response.js';

/** Deployments of one account. */
@Injectable()
export class DeploymentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ingress: IngressConfig,
  ) {}

  /** @throws {ApiError} not-found, also for another account's deployment */
  async get(accountId: string, id: string): Promise<DeploymentResponse> {
    const deployment = await this.find(accountId, id);
    const environment = await this.dataSource.manager.findOneByOrFail(EnvironmentEntity, {
      id: deployment.environmentId,
    });
    return toDeploymentResponse(deployment, environmentUrl(this.ingress, environment.hostname));
  }

  /** @throws {ApiError} not-found, also for another account's deployment */
  async find(accountId: string, id: string): Promise<DeploymentEntity> {
    const deployment = isId('deployment', id)
      ? await this.dataSource
          .createQueryBuilder(DeploymentEntity, 'deployment')
          .innerJoin(ProjectEntity, 'project', 'project.id = deployment.projectId')
          .where('deployment.id = :id AND project.accountId = :accountId', { id, accountId })
          .getOne()
      : null;
    if (deployment === null) throw notFound('deployment');
    return deployment;
  }

  /** Where a deployment stands, and whether its log may still grow. */
  async progress(id: string): Promise<{ status: DeploymentStatus; ended: boolean }> {
    const { status } = await this.dataSource.manager.findOneOrFail(DeploymentEntity, {
      select: { id: true, status: true },
      where: { id },
    });
    return { status, ended: !isUnfinished(status) };
  }
}
