import { AccountsRepository } from '@nexos/state';
import { Controller, Get } from '@nestjs/common';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { QuotaResponse, toQuotaResponse } from './quota.response.js';

@Controller('quota')
@Authenticated('read')
@WritesNothing()
export class QuotaController {
  constructor(private readonly accounts: AccountsRepository) {}

  @Get()
  @Operation({ summary: 'Get current resource usage and quota limits', response: QuotaResponse })
  async get(@AccountId() accountId: string): Promise<QuotaResponse> {
    const { plan } = await this.accounts.get(accountId);
    return toQuotaResponse(plan, await this.accounts.usageOf(accountId));
  }
}
