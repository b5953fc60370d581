import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { RollBackDto } from './dto/roll-back.dto.js';
import { EnvironmentDetailsResponse } from './environment-details.response.js';
import { EnvironmentResponse } from './environment.response.js';
import { EnvironmentsService } from './environments.service.js';

@Controller('environments')
@Authenticated('read')
@WritesNothing()
export class EnvironmentsController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Get(':id')
  @Operation({ summary: 'Get environment details', response: EnvironmentDetailsResponse })
  get(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentDetailsResponse> {
    return this.environments.getDetails(accountId, id);
  }

  @Post([':id/rebuild', ':id/restart'])
  @Authenticated('write')
  @Writes('deployment.create')
  @HttpCode(202)
  @Operation({
    summary: 'Rebuild environment from the latest commit',
    description:
      'Also available as `/restart`. A push in the meantime supersedes the rebuild. For a pull request of a fork, 409 if the approval of its commit no longer holds.',
    response: EnvironmentResponse,
    errors: ['conflict', 'project-paused', 'quota-exceeded'],
  })
  rebuild(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'rebuild');
  }

  @Post(':id/rollback')
  @Authenticated('write')
  @Writes('deployment.create')
  @HttpCode(202)
  @Operation({
    summary: 'Roll back to an earlier version',
    description:
      'Runs the image of an earlier live version again, as a new deployment without a build. Supersedes any deployment in progress. Idempotent while the rollback is in progress.',
    response: EnvironmentResponse,
    errors: ['conflict', 'quota-exceeded'],
  })
  rollBack(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: RollBackDto,
  ): Promise<EnvironmentResponse> {
    return this.environments.rollBack(caller, id, body.deployment_id ?? null);
  }

  @Post(':id/pause')
  @Authenticated('write')
  @Writes('environment.pause')
  @HttpCode(202)
  @Operation({
    summary: 'Stop every container',
    description:
      'Keeps all data. Visitors see a page that says that the environment is paused. It is `paused` once the last container has stopped. Idempotent.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  pause(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'pause');
  }

  @Post(':id/resume')
  @Authenticated('write')
  @Writes('environment.resume')
  @HttpCode(202)
  @Operation({
    summary: 'Start previously-paused containers',
    description:
      'Builds nothing. If a newer version was built in the meantime, that version starts. Also tries again what failed: to start the live version, or to run the hooks after a reset or restore. Idempotent.',
    response: EnvironmentResponse,
    errors: ['conflict', 'quota-exceeded'],
  })
  resume(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'resume');
  }

  @Post(':id/destroy')
  @Authenticated('write')
  @Writes('environment.status')
  @HttpCode(202)
  @Operation({
    summary: 'Destroy environment',
    description: 'Idempotent.',
    response: EnvironmentResponse,
    success: 'The environment is being destroyed, or is already destroyed.',
  })
  destroy(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.destroy(caller, id);
  }
}
