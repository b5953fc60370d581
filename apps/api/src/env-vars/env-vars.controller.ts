import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { PageOf, finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { refused } from '../http/problems/api-error.js';
import { PutVariablesQuery } from './dto/put-variables.query.js';
import { PutVariableDto } from './dto/put-variable.dto.js';
import { PutVariablesDto } from './dto/put-variables.dto.js';
import { EnvVarResponse, toEnvVarResponse } from './env-var.response.js';
import { EnvVarsService } from './env-vars.service.js';
import { PutVariablesPipe, type SubmittedVariables } from './put-variables.pipe.js';

class EnvVarsPage extends PageOf('envVar') {}

@Controller('projects/:id/env-vars')
@Authenticated('read')
@WritesNothing()
export class EnvVarsController {
  constructor(private readonly envVars: EnvVarsService) {}

  @Get()
  @Operation({
    summary: 'List environment variables (masked values)',
    response: EnvVarResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: EnvVarsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnvVarResponse[]> {
    const rows = await this.envVars.list(accountId, id, query);
    return finishPage(rows, query, request, reply).map(toEnvVarResponse);
  }

  @Put()
  @Authenticated('write')
  @Writes('env_var.put')
  @Operation({
    summary: 'Create or update an environment variable',
    description:
      'A single variable returns an object; several, or `.env` text, return a list. A request sets all of its variables or none. They apply from the next deployment on.',
    bodies: [PutVariableDto, PutVariablesDto],
    response: EnvVarResponse,
    isArray: 'either',
    alsoAccepts: {
      'text/plain': { schema: { type: 'string' }, example: 'API_TOKEN=secret\nDEBUG="1"\n' },
    },
    errors: ['conflict', 'quota-exceeded'],
  })
  async put(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body(PutVariablesPipe) { form, variables }: SubmittedVariables,
    @Query() { branch }: PutVariablesQuery,
  ): Promise<EnvVarResponse | EnvVarResponse[] | undefined> {
    if (form !== 'text' && branch !== undefined) {
      const message = 'is only allowed with .env text; put the branch of each variable in the body';
      throw refused([{ field: 'branch', message }]);
    }
    const given =
      form === 'text'
        ? variables.map(({ key, value }) => ({ key, value, branch: branch ?? null }))
        : variables;
    const rows = (await this.envVars.put(accountId, id, given)).map(toEnvVarResponse);
    return form === 'one' ? rows[0] : rows;
  }

  @Delete(':varId')
  @Authenticated('write')
  @Writes('env_var.delete')
  @HttpCode(204)
  @Operation({
    summary: 'Delete an environment variable',
    success: 'The variable is deleted.',
    errors: ['conflict'],
  })
  delete(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Param('varId') varId: string,
  ): Promise<void> {
    return this.envVars.delete(accountId, id, varId);
  }
}
