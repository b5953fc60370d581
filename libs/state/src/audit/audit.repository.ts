import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Rows that one transaction deletes. */
const DELETE_BATCH = 5_000;

/** Deletes lines of the audit log whose retention has expired. */
@Injectable()
export class AuditRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Deletes lines older than that, at least 30 days, in batches; returns their number.
   *
   * @param keptDays days that lines are kept
   */
  async deleteExpired(keptDays: number): Promise<number> {
    for (let total = 0; ;) {
      const [row] = await this.unitOfWork.manager.query<{ deleted: number }[]>(
        'SELECT delete_expired_audit_records($1, $2) AS deleted',
        [keptDays, DELETE_BATCH],
      );
      const deleted = row?.deleted ?? 0;
      total += deleted;
      if (deleted < DELETE_BATCH) return total;
    }
  }
}
