import { LOG_START, formatLogCursor, parseLogCursor, type LogCursor } from '@nexos/contracts';
import { BuildLog } from '@nexos/build-log';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import type { PrincipalRequest } from '../auth/principal.js';
import { Operation } from '../openapi/operation.decorator.js';
import { refused } from '../problems/api-error.js';
import { DeploymentResponse } from './deployment.response.js';
import { DeploymentWaits } from './deployment-waits.js';
import { DeploymentsService } from './deployments.service.js';
import { LogQuery } from './dto/log-query.dto.js';
import { WaitQuery } from './dto/wait-query.dto.js';
import { LogFollower } from './log-follower.js';
import { LogEndEvent, LogLineEvent, LogResponse, toLogLineResponse } from './log.response.js';

const EVENTS_EXAMPLE = `id: 1-42
event: line
data: {"time":"2026-04-10T12:00:00.000Z","stream":"stdout","text":"Step 3/9 : RUN npm ci"}

event: end
data: {"status":"live"}

`;

@Controller('deployments')
@Authenticated('read')
export class DeploymentsController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly waits: DeploymentWaits,
    private readonly log: BuildLog,
    private readonly follower: LogFollower,
  ) {}

  @Get(':id')
  @Operation({
    summary: 'Get deployment details',
    description: 'With `wait` it answers as soon as the status changes, or after so many seconds.',
    response: DeploymentResponse,
  })
  async get(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() { wait }: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeploymentResponse> {
    const deployment = await this.deployments.get(accountId, id);
    return this.waits.wait(accountId, deployment, wait, reply);
  }

  @Post(':id/cancel')
  @Authenticated('write')
  @HttpCode(202)
  @Operation({
    summary: 'Cancel a deployment',
    description: 'Its builder stops within two seconds; what is live stays live. Again changes nothing.',
    response: DeploymentResponse,
    errors: ['conflict'],
  })
  cancel(@AccountId() accountId: string, @Param('id') id: string): Promise<DeploymentResponse> {
    return this.deployments.cancel(accountId, id);
  }

  /** One page as JSON, or all of it and what is still to come as server-sent events. */
  @Get(':id/logs')
  @Operation({
    summary: 'Get build logs',
    description:
      'One page as JSON; with `Accept: text/event-stream` all of it, and what is still to come, as ' +
      '[server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): a `line` event for each ' +
      'line and an `end` event with the status once the deployment has ended. 100 streams may be open at once with one ' +
      'API key or session, 400 of one account.',
    response: LogResponse,
    headers: {
      Accept: { description: 'text/event-stream to follow the log.', example: 'text/event-stream' },
      'Last-Event-ID': { description: 'Where a reader that was cut off goes on.', example: '1-42' },
    },
    alsoAnswers: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: EVENTS_EXAMPLE,
        events: { line: LogLineEvent, end: LogEndEvent },
      },
    },
  })
  async logs(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: LogQuery,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: PrincipalRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.deployments.find(accountId, id);
    const after = await this.cursorOf(id, lastEventId ?? query.cursor);
    if (accept?.includes('text/event-stream') === true) {
      await this.follower.follow(id, after, request, reply);
      return;
    }
    await reply.send(await this.page(id, after, query.limit));
  }

  /** @throws {ApiError} validation, for a place that the log does not have */
  private async cursorOf(id: string, text: string | undefined): Promise<LogCursor> {
    if (text === undefined || text === '') return LOG_START;
    const cursor = parseLogCursor(text);
    if (cursor !== null && (await this.log.reader.has(id, cursor))) return cursor;
    throw refused([{ field: 'cursor', message: 'is not a cursor that this log gave out' }]);
  }

  /** The status is read before the lines: one that has ended means that these are the last. */
  private async page(id: string, after: LogCursor, limit: number): Promise<LogResponse> {
    const { status, ended } = await this.deployments.progress(id);
    const lines = await this.log.reader.read(id, after, limit);
    return {
      status,
      lines: lines.map(toLogLineResponse),
      next_cursor: ended && lines.length < limit ? null : formatLogCursor(lines.at(-1) ?? after),
    };
  }
}
