import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { DeploymentResponse } from './deployment.response.js';
import { DeploymentsService } from './deployments.service.js';
import { DeploymentsQuery } from './dto/deployments-query.dto.js';

/** Lists the deployments of an environment. */
@Controller('environments/:id/deployments')
@Authenticated('read')
@WritesNothing()
export class EnvironmentDeploymentsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly deployments: DeploymentsService,
  ) {}

  @Get()
  @Operation({
    summary: 'List deployments of an environment',
    description: 'Newest first.',
    response: DeploymentResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: DeploymentsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeploymentResponse[]> {
    const environment = await this.environments.get(accountId, id);
    const rows = await this.deployments.list({ environmentId: environment.id }, query);
    return this.deployments.describe(finishPage(rows, query, request, reply));
  }
}
