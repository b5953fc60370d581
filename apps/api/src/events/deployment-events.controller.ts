import { EventsRepository } from '@nexos/state';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { DeploymentsService } from '../deployments/deployments.service.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage } from '../http/page.js';
import { EventsPage } from './dto/events-page.dto.js';
import { DeploymentEventResponse, toDeploymentEventResponse } from './event.response.js';

/** Lists the events of a deployment. */
@Controller('deployments/:id/events')
@Authenticated('read')
@WritesNothing()
export class DeploymentEventsController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly events: EventsRepository,
  ) {}

  @Get()
  @Operation({
    summary: 'List the events of a deployment',
    description: 'Newest first, for the last 90 days: each change of status, who caused it, and why.',
    response: DeploymentEventResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: EventsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeploymentEventResponse[]> {
    const { id: deploymentId } = await this.deployments.find(accountId, id);
    const events = await this.events.listOfDeployment(deploymentId, query);
    return finishPage(events.map(toDeploymentEventResponse), query, request, reply);
  }
}
