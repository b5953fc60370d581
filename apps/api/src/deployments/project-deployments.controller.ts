import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { ProjectsService } from '../projects/projects.service.js';
import { DeploymentResponse } from './deployment.response.js';
import { DeploymentsService } from './deployments.service.js';
import { CreateDeploymentDto } from './dto/create-deployment.dto.js';
import { DeploymentsQuery } from './dto/deployments-query.dto.js';

/** Lists and creates deployments of a project. */
@Controller('projects/:id/deployments')
@Authenticated('read')
@WritesNothing()
export class ProjectDeploymentsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly deployments: DeploymentsService,
  ) {}

  @Get()
  @Operation({
    summary: 'List deployments of a project',
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
    const project = await this.projects.get(accountId, id);
    const rows = await this.deployments.list({ projectId: project.id }, query);
    return this.deployments.describe(finishPage(rows, query, request, reply));
  }

  @Post()
  @Authenticated('write')
  @Writes('deployment.create')
  @HttpCode(202)
  @Operation({
    summary: 'Deploy without a push',
    description:
      "Deploys a commit, by default the latest of the branch. Creates the branch's environment if it does not exist.",
    response: DeploymentResponse,
    errors: ['branch_not_found', 'conflict', 'project-paused', 'quota-exceeded', 'service-unavailable'],
  })
  async create(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: CreateDeploymentDto,
  ): Promise<DeploymentResponse> {
    return this.deployments.create(caller, id, body);
  }
}
