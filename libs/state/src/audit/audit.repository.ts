import { PLAN_NAMES, PLANS } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Days that lines are kept, by plan. */
const PLAN_DAYS = JSON.stringify(
  Object.fromEntries(PLAN_NAMES.map((plan) => [plan, PLANS[plan].audit_retention_days])),
);
/** Rows that one transaction deletes. */
const DELETE_BATCH = 5_000;

/** Deletes lines of the audit log whose retention has expired. */
@Injectable()
export class AuditRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

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
