import { AccountEntity, UnitOfWork } from '@nexos/database';
import { findUsage } from '@nexos/state';
import { Controller, Get } from '@nestjs/common';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { QuotaResponse, toQuotaResponse } from './quota.response.js';

@Controller('quota')
@Authenticated('read')
export class QuotaController {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @Get()
  @Operation({ summary: 'Get current resource usage and quota limits', response: QuotaResponse })
  async get(@AccountId() accountId: string): Promise<QuotaResponse> {
    const { manager } = this.unitOfWork;
    const { plan } = await manager.findOneByOrFail(AccountEntity, { id: accountId });
    return toQuotaResponse(plan, await findUsage(manager, accountId));
  }
}
