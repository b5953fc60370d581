import { type AuditAction, PLAN_NAMES, PLANS } from '@nexos/domain';
import { AuditRecordEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Which lines of the audit log to list; fields that are left out match all. */
export interface AuditFilter {
  readonly accountId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly projectIds?: readonly string[] | undefined;
  readonly action?: AuditAction | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly address?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** A page, newest first, older than the line `cursor`. */
interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const CONDITIONS: Readonly<Record<keyof AuditFilter, string>> = {
  accountId: 'line.accountId = :accountId',
  projectId: 'line.projectId = :projectId',
  projectIds: 'line.projectId = ANY(:projectIds)',
  action: 'line.action = :action',
  actor: 'line.actor = :actor',
  subject: 'line.subject = :subject',
  address: 'line.address = :address',
  since: 'line.at >= :since',
  until: 'line.at < :until',
};
/** Days that lines are kept, by plan. */
const PLAN_DAYS = JSON.stringify(
  Object.fromEntries(PLAN_NAMES.map((plan) => [plan, PLANS[plan].audit_retention_days])),
);
/** Rows that one transaction deletes. */
const DELETE_BATCH = 5_000;

/** Reads the audit log, and deletes lines whose retention has expired. */
@Injectable()
export class AuditRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns a page, plus one extra row if there is a next page. */
  page(filter: AuditFilter, { limit, cursor }: Page): Promise<AuditRecordEntity[]> {
    const query = this.unitOfWork.manager.createQueryBuilder(AuditRecordEntity, 'line');
    for (const [name, condition] of Object.entries(CONDITIONS)) {
      const value = filter[name as keyof AuditFilter];
      if (value !== undefined) query.andWhere(condition, { [name]: value });
    }
    if (cursor !== undefined) query.andWhere('line.seq < :cursor', { cursor });
    return query
      .orderBy('line.seq', 'DESC')
      .limit(limit + 1)
      .getMany();
  }

  /**
   * Deletes lines that are older than the plan of their account says, and at least 30 days old, in batches; returns their number.
   *
   * @param keptDays days that lines without an account are kept
   */
  async deleteExpired(keptDays: number): Promise<number> {
    for (let total = 0; ;) {
      const [row] = await this.unitOfWork.manager.query<{ deleted: number }[]>(
        'SELECT delete_expired_audit_records($1, $2, $3) AS deleted',
        [keptDays, PLAN_DAYS, DELETE_BATCH],
      );
      const deleted = row?.deleted ?? 0;
      total += deleted;
      if (deleted < DELETE_BATCH) return total;
    }
  }
}
