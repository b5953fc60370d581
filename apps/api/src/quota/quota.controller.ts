import { UnitOfWork } from '@nexos/database';
import { limitsOf, quotaPeriod } from '@nexos/domain';
import { AccountsRepository } from '@nexos/state';
import { Controller, Get } from '@nestjs/common';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { QuotaResponse, toQuotaResponse } from './quota.response.js';

@Controller('quota')
@Authenticated('read')
export class QuotaController {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
  ) {}

  @Get()
  @Operation({ summary: 'Get current resource usage and quota limits', response: QuotaResponse })
  async get(@AccountId() accountId: string): Promise<QuotaResponse> {
    const { plan, limits } = await this.accounts.get(accountId);
    const usage = await this.accounts.usageOf(accountId);
    return toQuotaResponse(plan, limitsOf(plan, limits), usage, quotaPeriod(await this.unitOfWork.now()));
  }
}
