import { Body, Controller, Get, Param, Patch, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { finishPage, PageOf } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { AccountResponse, toAccountResponse } from './account.response.js';
import { AccountsService } from './accounts.service.js';
import { UpdateAccountDto } from './dto/update-account.dto.js';

class AccountsPage extends PageOf('account') {}

@Controller('accounts')
@Authenticated('admin')
@WritesNothing()
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Get()
  @Operation({
    summary: 'List accounts',
    description: 'For operators; other accounts get an empty list.',
    response: AccountResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() callerId: string,
    @Query() query: AccountsPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountResponse[]> {
    const rows = await this.accounts.list(callerId, query);
    return finishPage(rows, query, request, reply).map(toAccountResponse);
  }

  @Get(':id')
  @Operation({ summary: 'Get an account', description: 'For operators.', response: AccountResponse })
  async get(@AccountId() callerId: string, @Param('id') id: string): Promise<AccountResponse> {
    return toAccountResponse(await this.accounts.get(callerId, id));
  }

  @Patch(':id')
  @Writes('account.update')
  @Operation({
    summary: "Set an account's plan and limits",
    description:
      'For operators. A lower limit keeps what runs and refuses more. Single limits stay when the plan changes.',
    response: AccountResponse,
  })
  async update(
    @AccountId() callerId: string,
    @Param('id') id: string,
    @Body() body: UpdateAccountDto,
  ): Promise<AccountResponse> {
    return toAccountResponse(await this.accounts.update(callerId, id, body));
  }
}
