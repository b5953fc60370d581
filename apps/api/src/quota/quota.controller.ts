import { UnitOfWork } from '@nexos/database';
import { limitsOf, quotaPeriod } from '@nexos/domain';
import { AccountsRepository, BuildUsageRepository } from '@nexos/state';
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
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly builds: BuildUsageRepository,
  ) {}

  @Get()
  @Operation({ summary: 'Get current resource usage and quota limits', response: QuotaResponse })
  async get(@AccountId() accountId: string): Promise<QuotaResponse> {
    const { plan, limits } = await this.accounts.get(accountId);
    const period = quotaPeriod(await this.unitOfWork.now());
    const usage = await this.accounts.usageOf(accountId);
    const buildSeconds = await this.builds.usedSeconds(accountId, period);
    return toQuotaResponse(plan, limitsOf(plan, limits), { ...usage, buildSeconds }, period);
  }
}
