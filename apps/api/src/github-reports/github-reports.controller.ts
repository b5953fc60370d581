import { ConfiguredApp } from '@nexos/github';
import { GithubReportLists } from '@nexos/state';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { ProjectsService } from '../projects/projects.service.js';
import { GithubReportsQuery } from './dto/github-reports-query.dto.js';
import { GithubReportsResponse, toGithubReportResponse } from './github-reports.response.js';
import { reportObstacle } from './report-obstacle.js';

/** Shows what GitHub is told about a project, and why not. */
@Controller('projects/:id/github/reports')
@Authenticated('read')
@WritesNothing()
export class GithubReportsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly lists: GithubReportLists,
    private readonly app: ConfiguredApp,
  ) {}

  @Get()
  @Operation({
    summary: 'Show what GitHub is told about a project',
    description:
      'The checks, GitHub Deployments and comments of the project, with the reason if GitHub refuses them. Says why a commit has no check.',
    response: GithubReportsResponse,
  })
  async get(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: GithubReportsQuery,
  ): Promise<GithubReportsResponse> {
    const project = await this.projects.get(accountId, id);
    const reports = await this.lists.ofProject(project.id, query);
    return {
      obstacle: reportObstacle(project, await this.app.exists()),
      reports: reports.map(toGithubReportResponse),
    };
  }
}
