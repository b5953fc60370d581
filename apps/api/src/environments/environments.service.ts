import { IngressConfig } from '@nexos/config';
import { EnvironmentEntity, ProjectEntity, UnitOfWork, destroyEnvironment } from '@nexos/database';
import { isId, type DeploymentStatus } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import type { PageQuery } from '../http/page.js';
import { notFound } from '../problems/api-error.js';
import { toEnvironmentResponse, type EnvironmentResponse } from './environment.response.js';

interface DeploymentsOf {
  environment_id: string;
  latest: string;
  unfinished: DeploymentStatus[] | null;
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
    return this.unitOfWork.manager.find(EnvironmentEntity, {
      where: { projectId, ...(page.cursor === undefined ? {} : { id: LessThan(page.cursor) }) },
      order: { id: 'DESC' },
      take: page.limit + 1,
    });
  }

  /** @throws {ApiError} not-found, also for another account's environment */
  async get(accountId: string, id: string): Promise<EnvironmentResponse> {
    const [response] = await this.describe([await this.find(accountId, id)]);
    if (response === undefined) throw notFound('environment');
    return response;
  }

  /** Asks for it to be destroyed; doing so again changes nothing. */
  async destroy(accountId: string, id: string): Promise<EnvironmentResponse> {
    await this.find(accountId, id);
    await this.unitOfWork.run((transaction) => destroyEnvironment(transaction, id));
    return this.get(accountId, id);
  }

  /** Adds to environments what their rows alone do not tell, with one query for all of them. */
  async describe(environments: readonly EnvironmentEntity[]): Promise<EnvironmentResponse[]> {
    const rows = await this.unitOfWork.manager.query<DeploymentsOf[]>(
      `SELECT environment_id, max(id) AS latest,
         array_agg(status) FILTER (WHERE status IN ('queued', 'building', 'deploying')) AS unfinished
       FROM deployments WHERE environment_id = ANY($1) GROUP BY environment_id`,
      [environments.map((environment) => environment.id)],
    );
    const byEnvironment = new Map(rows.map((row) => [row.environment_id, row]));
    return environments.map((environment) => {
      const deployments = byEnvironment.get(environment.id);
      return toEnvironmentResponse(environment, {
        url: environmentUrl(this.ingress, environment.hostname),
        latestDeploymentId: deployments?.latest ?? null,
        unfinished: deployments?.unfinished ?? [],
      });
    });
  }

  private async find(accountId: string, id: string): Promise<EnvironmentEntity> {
    const environment = isId('environment', id)
      ? await this.unitOfWork.manager
          .createQueryBuilder(EnvironmentEntity, 'environment')
          .innerJoin(ProjectEntity, 'project', 'project.id = environment.projectId')
          .where('environment.id = :id AND project.accountId = :accountId', { id, accountId })
          .getOne()
      : null;
    if (environment === null) throw notFound('environment');
    return environment;
  }
}
