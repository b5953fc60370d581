import { EventsRepository } from '@nexos/state';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage } from '../http/page.js';
import { EventsPage } from './dto/events-page.dto.js';
import { EnvironmentEventResponse, toEnvironmentEventResponse } from './event.response.js';

/** Lists the events of an environment. */
@Controller('environments/:id/events')
@Authenticated('read')
@WritesNothing()
export class EnvironmentEventsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly events: EventsRepository,
  ) {}

  @Get()
  @Operation({
    summary: 'List the events of an environment',
    description:
      'Newest first, for the last 90 days: each change of status, each requested action, and each command that was run.',
    response: EnvironmentEventResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: EventsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnvironmentEventResponse[]> {
    const { id: environmentId } = await this.environments.get(accountId, id);
    const events = await this.events.listOfEnvironment(environmentId, query);
    return finishPage(events.map(toEnvironmentEventResponse), query, request, reply);
  }
}
