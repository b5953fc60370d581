import { type AccountEntity, UnitOfWork } from '@nexos/database';
import { changedFields, isId } from '@nexos/domain';
import { AccountsRepository, recordAudit } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { notFound } from '../http/problems/api-error.js';
import type { UpdateAccountDto } from './dto/update-account.dto.js';

/** Manages the plans and limits of accounts. Only operators see accounts other than their own. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
  ) {}

  /** Returns the newest first, plus one extra row if there is a next page. Empty for a non-operator. */
  async list(callerId: string, page: PageQuery): Promise<AccountEntity[]> {
    return (await this.accounts.isOperator(callerId)) ? this.accounts.page(page) : [];
  }

  /** @throws {ApiError} not-found, also for a non-operator */
  async get(callerId: string, id: string): Promise<AccountEntity> {
    const isVisible = isId('account', id) && (await this.accounts.isOperator(callerId));
    const account = isVisible ? await this.accounts.find(id) : null;
    if (account === null) throw notFound('account');
    return account;
  }

  /**
   * Changes the plan and single limits. What runs keeps running; a lower limit refuses more of it.
   *
   * @throws {ApiError} not-found, also for a non-operator
   */
  update(callerId: string, id: string, { plan, limits }: UpdateAccountDto): Promise<AccountEntity> {
    return this.unitOfWork.run(async (transaction) => {
      await this.get(callerId, id);
      await this.accounts.lock(id);
      const before = await this.get(callerId, id);
      await this.accounts.setLimits(id, plan ?? null, limits ?? {});
      const after = await this.get(callerId, id);
      const changed = changedFields(auditedLimits(before), auditedLimits(after));
      if (changed === null) return after;
      await recordAudit(transaction, { action: 'account.update', subject: id, accountId: id, ...changed });
      return after;
    });
  }
}

function auditedLimits({ plan, limits }: AccountEntity) {
  return { plan, limits };
}
