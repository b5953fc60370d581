import { type DeploymentFailure } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldEnvironment } from './held-environment.js';

/** Seconds between the attempts at what keeps failing: 1, 2, 4 … and this at the most. */
const RETRY_SECONDS = 60;

/** Whether it is time for another attempt, of rows of `environments`. */
export const IS_DUE_AGAIN = `(error_at IS NULL OR now() > error_at +
  make_interval(secs => least(${RETRY_SECONDS}, power(2, least(error_count, 10) - 1))))`;

/** Why environments could not be made what is wanted of them, and how often. */
@Injectable()
export class EnvironmentErrorsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Records why an attempt failed.
   *
   * @param isOfItsOwn each further attempt is made later then; false: the cause is outside and may end anytime
   */
  async record(
    held: HeldEnvironment,
    { code, message }: DeploymentFailure,
    isOfItsOwn: boolean,
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE environments SET error_code = $3, error_message = $4, error_at = now(),
         error_count = CASE WHEN $5 THEN error_count + 1 ELSE 0 END
       WHERE id = $1 AND lease_epoch = $2`,
      [held.environmentId, held.epoch, code, message, isOfItsOwn],
    );
  }

  /** Records that what failed before has succeeded. */
  async clear(held: HeldEnvironment): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE environments SET error_code = NULL, error_message = NULL, error_at = NULL, error_count = 0
       WHERE id = $1 AND lease_epoch = $2 AND error_at IS NOT NULL`,
      [held.environmentId, held.epoch],
    );
  }
}
