import { AccountsRepository, type AuditFilter, AuditRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { type AuditRecordResponse, toAuditRecordResponse } from './audit-record.response.js';
import type { AuditQuery } from './dto/audit-query.dto.js';

/** Lines that an export reads at a time, of at most 17 KB each. */
const BATCH = 100;

/** Reads the audit log of an account; operators read the logs of all. */
@Injectable()
export class AuditService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** Returns the newest first, plus one extra line if there is a next page. */
  async list(caller: Principal, query: AuditQuery): Promise<AuditRecordResponse[]> {
    const filter = await this.filterOf(caller, query);
    return filter === null ? [] : (await this.audit.page(filter, query)).map(toAuditRecordResponse);
  }

  /** Yields all lines that match, as text with one JSON object per line, newest first. */
  async *export(caller: Principal, query: AuditQuery): AsyncGenerator<string> {
    const filter = await this.filterOf(caller, query);
    if (filter === null) return;
    for (let cursor = query.cursor; ;) {
      const lines = (await this.audit.page(filter, { limit: BATCH, cursor })).slice(0, BATCH);
      if (lines.length === 0) return;
      yield lines.map((line) => `${JSON.stringify(toAuditRecordResponse(line))}\n`).join('');
      if (lines.length < BATCH) return;
      cursor = lines.at(-1)?.seq;
    }
  }

  /** Returns null if the caller may see nothing that matches: another account's log. */
  private async filterOf(
    { accountId, projectIds }: Principal,
    query: AuditQuery,
  ): Promise<AuditFilter | null> {
    const { action, actor, subject, address, since, until } = query;
    // A key that is limited to projects sees those of its own account only.
    const seesAll = projectIds === undefined && (await this.accounts.isOperator(accountId));
    const owner = seesAll ? query.account_id : accountId;
    if (query.account_id !== undefined && query.account_id !== owner) return null;
    return {
      accountId: owner,
      projectId: query.project_id,
      projectIds,
      action,
      actor,
      subject,
      address,
      since: since === undefined ? undefined : new Date(since),
      until: until === undefined ? undefined : new Date(until),
    };
  }
}
