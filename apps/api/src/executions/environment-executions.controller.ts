import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { PageOf, finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { CreateExecutionDto } from './dto/create-execution.dto.js';
import { ExecutionResponse, toExecutionResponse } from './execution.response.js';
import { ExecutionsService } from './executions.service.js';

class ExecutionsPage extends PageOf('execution') {}

/** Runs commands in an environment and lists them. */
@Controller('environments/:id')
@Authenticated('write')
@WritesNothing()
export class EnvironmentExecutionsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly executions: ExecutionsService,
  ) {}

  @Post('exec')
  @Writes('execution.create')
  @HttpCode(202)
  @Operation({
    summary: 'Run a command in an environment',
    description:
      'Runs the command once, in its own container, with the variables and the network of the environment. ' +
      '`GET /executions/{id}/logs` returns its output.',
    response: ExecutionResponse,
    errors: ['conflict'],
  })
  create(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: CreateExecutionDto,
  ): Promise<ExecutionResponse> {
    return this.executions.create(caller, id, body);
  }

  @Get('executions')
  @Operation({
    summary: 'List the commands run in an environment',
    description: 'Newest first, for the last 30 days.',
    response: ExecutionResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: ExecutionsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionResponse[]> {
    const environment = await this.environments.get(accountId, id);
    const rows = await this.executions.list(environment.id, query);
    return finishPage(rows, query, request, reply).map(toExecutionResponse);
  }
}
