import { type DeploymentFailure } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from './held-environment.js';

/** The longest back-off between attempts, in seconds: 1, 2, 4 … up to this. */
const MAX_RETRY_SECONDS = 60;

/** True for rows of `environments` whose next attempt is due. */
export const IS_DUE_AGAIN = `(error_at IS NULL OR now() > error_at +
  make_interval(secs => least(${MAX_RETRY_SECONDS}, power(2, least(error_count, 10) - 1))))`;

/** The errors of environments that could not be reconciled, and their number. */
@Injectable()
export class EnvironmentErrorsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Records why an attempt failed.
   *
   * @param backsOff whether repeated failures back off; false when the cause is external and may end at any time
   */
  async record(
    held: HeldEnvironment,
    { code, message }: DeploymentFailure,
    backsOff: boolean,
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE environments SET error_code = $3, error_message = $4, error_at = now(),
         error_count = CASE WHEN $5 THEN error_count + 1 ELSE 0 END
       WHERE id = $1 AND lease_epoch = $2`,
      [held.environmentId, held.epoch, code, message, backsOff],
    );
  }

  /** Clears the error after a successful attempt. */
  async clear(held: HeldEnvironment): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE environments SET error_code = NULL, error_message = NULL, error_at = NULL, error_count = 0
       WHERE id = $1 AND lease_epoch = $2 AND error_at IS NOT NULL`,
      [held.environmentId, held.epoch],
    );
  }
}
