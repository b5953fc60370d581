import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../../audit/writes.decorator.js';
import { PageOf, finishPage } from '../../http/page.js';
import { Operation } from '../../http/openapi/operation.decorator.js';
import { Authenticated } from '../access.decorator.js';
import { AccountId } from '../account-id.decorator.js';
import { Caller } from '../caller.decorator.js';
import type { Principal } from '../principal.js';
import { ApiKeyResponse, toApiKeyResponse } from './api-key.response.js';
import { ApiKeysService } from './api-keys.service.js';
import { CreatedApiKeyResponse, toCreatedApiKeyResponse } from './created-api-key.response.js';
import { CreateApiKeyDto } from './dto/create-api-key.dto.js';

class ApiKeysPage extends PageOf('apiKey') {}

@Controller('auth/api-keys')
@Authenticated('admin')
@WritesNothing()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @Writes('api_key.create')
  @Header('cache-control', 'no-store')
  @Operation({
    summary: 'Create a new API key',
    description: 'The key is shown only in this response. It cannot have scopes that the caller lacks.',
    response: CreatedApiKeyResponse,
    errors: ['conflict'],
  })
  async create(@Caller() caller: Principal, @Body() body: CreateApiKeyDto): Promise<CreatedApiKeyResponse> {
    const { key, plaintext } = await this.keys.create(caller, body);
    return toCreatedApiKeyResponse(key, plaintext);
  }

  @Get()
  @Operation({
    summary: 'List API keys (masked)',
    response: ApiKeyResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: ApiKeysPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyResponse[]> {
    const rows = await this.keys.list(accountId, query);
    return finishPage(rows, query, request, reply).map(toApiKeyResponse);
  }

  @Delete(':id')
  @Writes('api_key.revoke')
  @HttpCode(204)
  @Operation({
    summary: 'Revoke an API key',
    description: 'The key stops working within a second.',
    success: 'The key is revoked.',
  })
  revoke(@AccountId() accountId: string, @Param('id') id: string): Promise<void> {
    return this.keys.revoke(accountId, id);
  }
}
