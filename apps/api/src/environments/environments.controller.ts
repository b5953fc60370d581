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

  @Post(':id/destroy')
  @Authenticated('write')
  @HttpCode(202)
  destroy(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.destroy(accountId, id);
  }
}
