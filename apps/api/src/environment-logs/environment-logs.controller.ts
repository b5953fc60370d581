import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import type { PrincipalRequest } from '../auth/principal.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { LogPages } from '../http/streams/log-pages.js';
import { RuntimeLogQuery } from './dto/runtime-log-query.dto.js';
import { EnvironmentLogsService } from './environment-logs.service.js';
import { RuntimeLogFollower } from './runtime-log-follower.js';
import { RuntimeLogEndEvent, RuntimeLogLineEvent, RuntimeLogResponse } from './runtime-log.response.js';

const CURSOR_EXAMPLE = '1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e';
const EVENTS_EXAMPLE = `id: ${CURSOR_EXAMPLE}
event: line
data: {"time":"2026-11-26T11:01:11.675Z","stream":"stdout","text":"listening","deployment_id":"dep_01jz8x6t3n5v7w9y1a2b3c4d5e"}

event: end
data: {"status":"destroyed"}

`;

/** Shows the output of an environment's containers. */
@Controller('environments/:id/logs')
@Authenticated('read')
@WritesNothing()
export class EnvironmentLogsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly logs: EnvironmentLogsService,
    private readonly follower: RuntimeLogFollower,
    private readonly pages: LogPages,
  ) {}

  @Get()
  @Operation({
    summary: 'Get runtime logs',
    description:
      'Returns the output of a container of the live version, or of the one that `deployment_id` names (stdout and stderr), by default of the app, as one page of JSON. With `Accept: text/event-stream`, ' +
      'also streams new output as [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): ' +
      'a `line` event for each line, of one live version after another, and an `end` event once the environment is ' +
      'destroyed. Of the output from before the first read, at most the last 1,000 lines are available.',
    response: RuntimeLogResponse,
    errors: ['service-unavailable'],
    headers: {
      Accept: { description: '`text/event-stream` to follow the log.', example: 'text/event-stream' },
      'Last-Event-ID': {
        description: 'The id of the last event received, to resume an interrupted stream.',
        example: CURSOR_EXAMPLE,
      },
    },
    alsoReturns: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: EVENTS_EXAMPLE,
        events: { line: RuntimeLogLineEvent, end: RuntimeLogEndEvent },
      },
    },
  })
  async read(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: RuntimeLogQuery,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: PrincipalRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const environment = await this.environments.get(accountId, id);
    const start = await this.logs.startOf(environment, query, lastEventId);
    if (accept?.includes('text/event-stream') === true) {
      await this.follower.follow(environment, start, request, reply);
      return;
    }
    const ready = await this.logs.ready(accountId, id, start);
    await this.pages.send(request.principal, reply, () => this.logs.page(ready, start));
  }
}
