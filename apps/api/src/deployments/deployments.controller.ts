import { isUnfinished } from '@nexos/domain';
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
import { LogEndEvent, LogResponse } from './deployment-log.response.js';
import { DeploymentResponse } from './deployment.response.js';
import { DeploymentsService } from './deployments.service.js';

@Controller('deployments')
@Authenticated('read')
@WritesNothing()
export class DeploymentsController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly waits: StatusWaits,
    private readonly log: LogResponder,
  ) {}

  @Get(':id')
  @Operation({
    summary: 'Get deployment details',
    description: 'With `wait`, responds as soon as the status changes, or after that many seconds.',
    response: DeploymentResponse,
  })
  async get(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() { wait }: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeploymentResponse> {
    const deployment = await this.deployments.get(accountId, id);
    const isOver = !isUnfinished(deployment.status);
    const again = () => this.deployments.get(accountId, id);
    return this.waits.wait({ accountId, present: deployment, isOver, again }, wait, reply);
  }

  @Post(':id/cancel')
  @Authenticated('write')
  @Writes('deployment.status')
  @HttpCode(202)
  @Operation({
    summary: 'Cancel a deployment',
    description: 'The build stops within two seconds, and the live version stays live. Idempotent.',
    response: DeploymentResponse,
    errors: ['conflict'],
  })
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<DeploymentResponse> {
    return this.deployments.cancel(caller, id);
  }

  @Get(':id/logs')
  @Operation(
    logOperation({
      summary: 'Get build logs',
      response: LogResponse,
      line: 'Step 3/9 : RUN npm ci',
      end: {
        event: LogEndEvent,
        when: 'the status once the deployment has finished',
        example: { status: 'live' },
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
    await this.deployments.find(accountId, id);
    const progress = () => this.deployments.progress(id);
    await this.log.respond({ id, progress }, query, request, reply);
  }
}
