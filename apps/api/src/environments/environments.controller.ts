import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import type { EnvironmentResponse } from './environment.response.js';
import { EnvironmentsService } from './environments.service.js';

@Controller('environments')
@Authenticated('read')
export class EnvironmentsController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Get(':id')
  get(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.get(accountId, id);
  }

  /** Of the latest commit. */
  @Post([':id/rebuild', ':id/restart'])
  @Authenticated('write')
  @HttpCode(202)
  rebuild(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(accountId, id, 'rebuild');
  }

  @Post(':id/pause')
  @Authenticated('write')
  @HttpCode(202)
  pause(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(accountId, id, 'pause');
  }

  @Post(':id/resume')
  @Authenticated('write')
  @HttpCode(202)
  resume(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(accountId, id, 'resume');
  }

  @Post(':id/reset')
  @Authenticated('write')
  @HttpCode(202)
  reset(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(accountId, id, 'reset');
  }

  @Post(':id/destroy')
  @Authenticated('write')
  @HttpCode(202)
  destroy(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.destroy(accountId, id);
  }
}
