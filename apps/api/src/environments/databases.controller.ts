import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { DatabaseBackupResponse } from './database-backup.response.js';
import { RestoreDto } from './dto/restore.dto.js';
import { EnvironmentResponse } from './environment.response.js';
import { EnvironmentsService } from './environments.service.js';

/** The database of an environment, and those that were put aside for it. */
@Controller('environments/:id')
@Authenticated('write')
export class DatabasesController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Post('reset')
  @HttpCode(202)
  @Operation({
    summary: "Reset the environment's database to an empty state",
    description: 'For environments with `services.postgres`. What was there is kept for seven days.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  reset(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'reset');
  }

  @Post('restore')
  @HttpCode(202)
  @Operation({
    summary: 'Bring back a database that a reset put aside',
    description: 'It changes places with the present one, which is then kept for seven days in turn.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  restore(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: RestoreDto,
  ): Promise<EnvironmentResponse> {
    return this.environments.restore(caller, id, body.generation ?? null);
  }

  @Get('database-backups')
  @Authenticated('read')
  @Operation({
    summary: 'List the databases that were put aside',
    description: 'The newest first, at most 100.',
    response: DatabaseBackupResponse,
    isArray: true,
  })
  list(@AccountId() accountId: string, @Param('id') id: string): Promise<DatabaseBackupResponse[]> {
    return this.environments.backups(accountId, id);
  }
}
