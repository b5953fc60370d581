import { isExecutionUnfinished } from '@nexos/domain';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal, PrincipalRequest } from '../auth/principal.js';
import { LogResponder } from '../logs/log-responder.js';
import { LogQuery } from '../logs/log-query.dto.js';
import { logOperation } from '../logs/log.operation.js';
import { StatusWaits } from '../logs/status-waits.js';
import { WaitQuery } from '../logs/wait-query.dto.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { ExecutionLogEndEvent, ExecutionLogResponse } from './execution-log.response.js';
import { ExecutionResponse } from './execution.response.js';
import { ExecutionsService } from './executions.service.js';

/** Shows and stops commands. Output may hold any data of the environment, so reading it needs the scope to run commands. */
@Controller('executions')
@Authenticated('write')
@WritesNothing()
export class ExecutionsController {
  constructor(
    private readonly executions: ExecutionsService,
    private readonly waits: StatusWaits,
    private readonly log: LogResponder,
  ) {}

  @Get(':id')
  @Operation({
    summary: 'Get execution details',
    description: 'With `wait`, responds as soon as the status changes, or after that many seconds.',
    response: ExecutionResponse,
  })
  async get(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() { wait }: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionResponse> {
    const present = await this.executions.get(accountId, id);
    const isOver = !isExecutionUnfinished(present.status);
    const again = () => this.executions.get(accountId, id);
    return this.waits.wait({ accountId, present, isOver, again }, wait, reply);
  }

  @Post(':id/cancel')
  @Writes('execution.cancel')
  @HttpCode(202)
  @Operation({
    summary: 'Stop a command',
    description: 'The command stops within a few seconds; its status is `running` until then. Idempotent.',
    response: ExecutionResponse,
    errors: ['conflict'],
  })
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<ExecutionResponse> {
    return this.executions.cancel(caller, id);
  }

  @Get(':id/logs')
  @Operation(
    logOperation({
      summary: 'Get the output of a command',
      response: ExecutionLogResponse,
      line: '(1 row)',
      end: {
        event: ExecutionLogEndEvent,
        when: 'the status and the exit code once the command has finished',
        example: { status: 'exited', exit_code: 0 },
      },
    }),
  )
  async logs(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: LogQuery,
    @Req() request: PrincipalRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.executions.get(accountId, id);
    const progress = () => this.executions.progress(id);
    await this.log.respond({ id, progress }, query, request, reply);
  }
}
