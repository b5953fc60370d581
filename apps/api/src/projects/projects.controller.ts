import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import type { EnvironmentResponse } from '../environments/environment.response.js';
import { PageQuery, finishPage } from '../http/page.js';
import { CreateProjectDto } from './dto/create-project.dto.js';
import { UpdateProjectDto } from './dto/update-project.dto.js';
import { toProjectResponse, type ProjectResponse } from './project.response.js';
import { ProjectsService } from './projects.service.js';

@Controller('projects')
@Authenticated('read')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly environments: EnvironmentsService,
  ) {}

  @Post()
  @Authenticated('write')
  async create(@AccountId() accountId: string, @Body() body: CreateProjectDto): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.create(accountId, body));
  }

  @Get()
  async list(
    @AccountId() accountId: string,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectResponse[]> {
    const rows = await this.projects.list(accountId, query);
    return finishPage(rows, query, request, reply).map(toProjectResponse);
  }

  @Get(':id')
  async get(@AccountId() accountId: string, @Param('id') id: string): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.get(accountId, id));
  }

  @Patch(':id')
  @Authenticated('write')
  async update(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body() body: UpdateProjectDto,
  ): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.update(accountId, id, body));
  }

  @Delete(':id')
  @Authenticated('write')
  @HttpCode(202)
  async delete(@AccountId() accountId: string, @Param('id') id: string): Promise<ProjectResponse> {
    return toProjectResponse(await this.projects.delete(accountId, id));
  }

  @Get(':id/environments')
  async listEnvironments(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnvironmentResponse[]> {
    const project = await this.projects.get(accountId, id);
    const rows = await this.environments.listOf(project.id, query);
    return this.environments.describe(finishPage(rows, query, request, reply));
  }
}
