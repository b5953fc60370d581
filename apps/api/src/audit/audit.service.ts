import { AccountsRepository, type AuditFilter, AuditReader } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { canonicalAddress } from '../auth/client-address.js';
import type { Principal } from '../auth/principal.js';
import { type AuditRecordResponse, toAuditRecordResponse } from './audit-record.response.js';
import type { AuditQuery } from './dto/audit-query.dto.js';

/** Lines that an export reads at a time, of at most 17 KB each. */
const BATCH = 100;
/** Characters after which an export passes on what it has, so that a slow client makes progress often. */
const PIECE = 64 * 1024;
/** How long a page looks for lines that match. */
const LOOK_MS = 1_000;

/** A page of lines, newest first, with one extra line if there is a next page. */
export interface AuditPage {
  readonly lines: AuditRecordResponse[];
  /** Where to go on, if few lines match and the search has not reached the end. */
  readonly next: string | null;
}

/** The caller may no longer see what it began to export. */
export class LostAccessError extends Error {
  constructor() {
    super('the account no longer has the same rights');
    this.name = 'LostAccessError';
  }
}

/** Reads the audit log of an account; operators read the logs of all. */
@Injectable()
export class AuditService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly audit: AuditReader,
  ) {}

  /** Returns the newest first. A page has fewer lines than its limit if looking for more would take long. */
  async list(caller: Principal, query: AuditQuery): Promise<AuditPage> {
    const filter = await this.filterOf(caller, query);
    if (filter === null) return { lines: [], next: null };
    const deadline = performance.now() + LOOK_MS;
    const lines: AuditRecordResponse[] = [];
    for (let cursor = query.cursor; ;) {
      const step = await this.audit.step(filter, { limit: query.limit + 1 - lines.length, cursor });
      lines.push(...step.lines.map(toAuditRecordResponse));
      if (step.next === null || lines.length > query.limit) return { lines, next: null };
      if (performance.now() >= deadline) return { lines, next: step.next };
      cursor = step.next;
    }
  }

  /**
   * Yields all lines that match, as text with one JSON object per line, newest first. Ends a little before now, so that no
   * line can appear later among those that it has.
   *
   * @throws {LostAccessError} when the account gains or loses the right to see the logs of others meanwhile
   */
  async *export(caller: Principal, query: AuditQuery): AsyncGenerator<string> {
    const began = await this.filterOf(caller, query);
    if (began === null) return;
    const settled = await this.audit.settledUntil();
    const { until = settled } = began;
    const filter = { ...began, until: until < settled ? until : settled };
    for (let cursor = query.cursor; ;) {
      const { lines, next } = await this.audit.step(filter, { limit: BATCH, cursor });
      let piece = '';
      for (const line of lines) {
        piece += `${JSON.stringify(toAuditRecordResponse(line))}\n`;
        if (piece.length < PIECE) continue;
        yield piece;
        piece = '';
      }
      if (piece !== '') yield piece;
      if (next === null) return;
      const now = await this.filterOf(caller, query);
      if (now?.accountId !== began.accountId) throw new LostAccessError();
      cursor = next;
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
      address: address && canonicalAddress(address),
      since: since === undefined ? undefined : new Date(since),
      until: until === undefined ? undefined : new Date(until),
    };
  }
}
