import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { RollBackDto } from './dto/roll-back.dto.js';
import { EnvironmentResponse } from './environment.response.js';
import { EnvironmentsService } from './environments.service.js';

@Controller('environments')
@Authenticated('read')
export class EnvironmentsController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Get(':id')
  @Operation({ summary: 'Get environment details', response: EnvironmentResponse })
  get(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.get(accountId, id);
  }

  @Post([':id/rebuild', ':id/restart'])
  @Authenticated('write')
  @HttpCode(202)
  @Operation({
    summary: 'Rebuild environment from the latest commit',
    description: 'Also as `/restart`. A push meanwhile takes its place.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  rebuild(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'rebuild');
  }

  @Post(':id/rollback')
  @Authenticated('write')
  @HttpCode(202)
  @Operation({
    summary: 'Go back to an earlier version',
    description:
      'Nothing is built: the image that was live runs again, as another deployment. Takes the place of whatever is on its way; again, while it is under way, changes nothing.',
    response: EnvironmentResponse,
    errors: ['conflict'],
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
  @HttpCode(202)
  @Operation({
    summary: 'Stop every container',
    description: 'Nothing is lost; visitors are told that it is paused. Again changes nothing.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  pause(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'pause');
  }

  @Post(':id/resume')
  @Authenticated('write')
  @HttpCode(202)
  @Operation({
    summary: 'Start previously-paused containers',
    description: 'Nothing is built. A version that was built meanwhile is what it resumes on.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  resume(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'resume');
  }

  @Post(':id/destroy')
  @Authenticated('write')
  @HttpCode(202)
  @Operation({
    summary: 'Destroy environment',
    description: 'Doing so again changes nothing.',
    response: EnvironmentResponse,
    success: 'It is being destroyed, or was so before.',
  })
  destroy(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.destroy(caller, id);
  }
}
