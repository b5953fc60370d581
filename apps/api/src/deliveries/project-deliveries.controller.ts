import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { finishPage, PageOf } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { ProjectsService } from '../projects/projects.service.js';
import { DeliveriesService } from './deliveries.service.js';
import { ProjectDeliveryResponse, toProjectDeliveryResponse } from './delivery.response.js';

class ProjectDeliveriesPage extends PageOf('delivery') {}

/** Lists the webhook deliveries that concern a project. */
@Controller('projects/:id/deliveries')
@Authenticated('read')
@WritesNothing()
export class ProjectDeliveriesController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Get()
  @Operation({
    summary: 'List the webhook deliveries of a project',
    description: 'Newest first, for the last 30 days, with the outcome of each and its reason.',
    response: ProjectDeliveryResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: ProjectDeliveriesPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectDeliveryResponse[]> {
    const project = await this.projects.get(accountId, id);
    const rows = await this.deliveries.ofProject(project, query);
    return finishPage(rows, query, request, reply).map(toProjectDeliveryResponse);
  }
}
