import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { DatabaseBackupResponse } from './database-backup.response.js';
import { RestoreDto } from './dto/restore.dto.js';
import { EnvironmentResponse } from './environment.response.js';
import { EnvironmentsService } from './environments.service.js';

/** Resets and restores the database of an environment, and lists its backups. */
@Controller('environments/:id')
@Authenticated('write')
@WritesNothing()
export class DatabasesController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Post('reset')
  @Writes('environment.reset')
  @HttpCode(202)
  @Operation({
    summary: "Reset the environment's database to an empty state",
    description: 'Requires `services.postgres`. The old database is kept as a backup for seven days.',
    response: EnvironmentResponse,
    errors: ['conflict'],
  })
  reset(@Caller() caller: Principal, @Param('id') id: string): Promise<EnvironmentResponse> {
    return this.environments.act(caller, id, 'reset');
  }

  @Post('restore')
  @Writes('environment.restore')
  @HttpCode(202)
  @Operation({
    summary: 'Restore a database backup',
    description: 'Swaps the backup with the current database, which is then kept as a backup for seven days.',
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
    summary: 'List the database backups of an environment',
    description: 'Newest first, at most 100.',
    response: DatabaseBackupResponse,
    isArray: true,
  })
  list(@AccountId() accountId: string, @Param('id') id: string): Promise<DatabaseBackupResponse[]> {
    return this.environments.backups(accountId, id);
  }
}
