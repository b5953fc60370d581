import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** An attempt of GitHub to deliver a webhook. */
export interface DeliveryAttempt {
  /** GitHub's id of the attempt. */
  readonly id: string;
  /** The id of the delivery, which all attempts share. */
  readonly guid: string;
  readonly deliveredAt: Date;
  /** Whether it was not the first attempt. */
  readonly isRepeated: boolean;
  readonly isSuccess: boolean;
}

/** A delivery that GitHub is to repeat. */
export interface LostDelivery {
  readonly guid: string;
  readonly attemptId: string;
}

/** GitHub keeps deliveries for three days. */
const KEPT_DAYS = 4;
/** Attempts that are requested of one delivery. */
const MAX_REQUESTS = 20;
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 3_600;

/** Deliveries that failed, until GitHub has repeated them. */
@Injectable()
export class LostDeliveriesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Records attempts. One that failed is requested again: the first time at once, then after a wait that doubles. First
   * attempts that succeeded are left out, since nothing is known of an earlier one.
   */
  async record(attempts: readonly DeliveryAttempt[]): Promise<void> {
    const relevant = attempts.filter(({ isRepeated, isSuccess }) => isRepeated || !isSuccess);
    if (relevant.length === 0) return;
    await this.unitOfWork.manager.query(
      `INSERT INTO lost_deliveries AS known (guid, attempt_id, delivered_at, request_at)
       SELECT guid, attempt_id, delivered_at, CASE WHEN NOT is_success THEN now() END
       FROM (
         SELECT DISTINCT ON (guid) * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::boolean[])
           AS given (guid, attempt_id, delivered_at, is_success)
         ORDER BY guid, delivered_at DESC, attempt_id DESC
       ) newest
       ON CONFLICT (guid) DO UPDATE SET attempt_id = excluded.attempt_id, delivered_at = excluded.delivered_at,
         request_at = excluded.request_at
           + make_interval(secs => least($5 * 2 ^ greatest(known.requests - 1, 0), $6)::integer) * sign(known.requests)
       WHERE (excluded.delivered_at, excluded.attempt_id) > (known.delivered_at, known.attempt_id)
         AND known.requests < $7`,
      [
        relevant.map(({ guid }) => guid),
        relevant.map(({ id }) => id),
        relevant.map(({ deliveredAt }) => deliveredAt),
        relevant.map(({ isSuccess }) => isSuccess),
        FIRST_WAIT_SECONDS,
        LONGEST_WAIT_SECONDS,
        MAX_REQUESTS,
      ],
    );
  }

  /** Returns deliveries to request that are not in the inbox, oldest first. */
  due(limit: number): Promise<LostDelivery[]> {
    return this.unitOfWork.manager.query<LostDelivery[]>(
      `SELECT guid, attempt_id AS "attemptId" FROM lost_deliveries lost
       WHERE request_at <= now() AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = lost.guid)
       ORDER BY delivered_at, attempt_id LIMIT $1`,
      [limit],
    );
  }

  /** Records that GitHub was asked to repeat an attempt, or that it cannot. The next attempt that it lists counts. */
  async recordRequested({ guid, attemptId }: LostDelivery): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE lost_deliveries SET requests = requests + 1, request_at = NULL WHERE guid = $1 AND attempt_id = $2',
      [guid, attemptId],
    );
  }

  /** Deletes what GitHub no longer keeps. */
  async deleteExpired(): Promise<void> {
    await this.unitOfWork.manager.query(
      'DELETE FROM lost_deliveries WHERE delivered_at < now() - make_interval(days => $1)',
      [KEPT_DAYS],
    );
  }
}
