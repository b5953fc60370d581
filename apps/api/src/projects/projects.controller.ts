import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import { AcceptsProjectKeys } from '../auth/project-keys.decorator.js';
import type { Principal } from '../auth/principal.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { EnvironmentResponse } from '../environments/environment.response.js';
import { PageOf, finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { CreateProjectDto } from './dto/create-project.dto.js';
import { UpdateProjectDto } from './dto/update-project.dto.js';
import { ProjectResponse, toProjectResponse } from './project.response.js';
import { ProjectsService } from './projects.service.js';
import { WebhookUrls } from './webhook-urls.js';

class ProjectsPage extends PageOf('project') {}
class EnvironmentsPage extends PageOf('environment') {}

@Controller('projects')
@Authenticated('read')
@WritesNothing()
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly environments: EnvironmentsService,
    private readonly urls: WebhookUrls,
  ) {}

  @Post()
  @Authenticated('write')
  @Writes('project.create')
  @Operation({
    summary: 'Create a project',
    description:
      'The slug is derived from the name, with a number appended if it is taken. `config` takes the text of a `nexos.yaml`. With a GitHub App, GitHub has to confirm that the account may use the repository (`REPOSITORIES`).',
    response: ProjectResponse,
    errors: ['conflict', 'quota-exceeded', 'repository-not-yours'],
  })
  async create(@AccountId() accountId: string, @Body() body: CreateProjectDto): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.create(accountId, body), this.urls);
  }

  @Get()
  @AcceptsProjectKeys()
  @Operation({ summary: 'List all projects', response: ProjectResponse, isArray: true, paged: true })
  async list(
    @Caller() { accountId, projectIds }: Principal,
    @Query() query: ProjectsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectResponse[]> {
    const rows = await this.projects.list(accountId, query, projectIds);
    return finishPage(rows, query, request, reply).map((row) => toProjectResponse(row, this.urls));
  }

  @Get(':id')
  @Operation({ summary: 'Get project details', response: ProjectResponse })
  async get(@AccountId() accountId: string, @Param('id') id: string): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.get(accountId, id), this.urls);
  }

  @Patch(':id')
  @Authenticated('write')
  @Writes('project.update', 'project.deploys_resumed')
  @Operation({
    summary: 'Update project settings',
    description:
      'Fields that are left out keep their values. The slug never changes. Another repository is checked as for a new project. So is the same one, if GitHub has not confirmed it yet or deploys are paused, which resumes them.',
    response: ProjectResponse,
    errors: ['conflict', 'repository-not-yours'],
  })
  async update(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: UpdateProjectDto,
  ): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.update(caller, id, body), this.urls);
  }

  @Delete(':id')
  @Authenticated('write')
  @Writes('project.delete', 'project.deleted')
  @HttpCode(202)
  @Operation({
    summary: 'Delete a project and all environments',
    description:
      'The status is `deleting` until the last environment is destroyed; after that, the project no longer exists (404).',
    response: ProjectResponse,
  })
  async delete(@Caller() caller: Principal, @Param('id') id: string): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.delete(caller, id), this.urls);
  }

  @Get(':id/environments')
  @Operation({
    summary: 'List environments for a project',
    description: 'Newest first, including destroyed environments.',
    response: EnvironmentResponse,
    isArray: true,
    paged: true,
  })
  async listEnvironments(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: EnvironmentsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnvironmentResponse[]> {
    const project = await this.projects.get(accountId, id);
    const rows = await this.environments.listOf(project.id, query);
    return this.environments.describe(finishPage(rows, query, request, reply));
  }
}
