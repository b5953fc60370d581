import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../openapi/operation.decorator.js';
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

  @Post(':id/destroy')
  @Authenticated('write')
  @HttpCode(202)
  @Operation({
    summary: 'Destroy environment',
    description: 'Doing so again changes nothing.',
    response: EnvironmentResponse,
    success: 'It is being destroyed, or was so before.',
  })
  destroy(@AccountId() accountId: string, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.destroy(accountId, id);
  }
}
