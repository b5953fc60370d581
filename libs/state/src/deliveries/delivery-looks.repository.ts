import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The claim of a look at GitHub's list of deliveries. */
export interface DeliveryLook {
  /** GitHub's id of the App. */
  readonly appId: string;
  readonly claim: string;
  /** Attempts up to this time have been read; null before the first look ends. */
  readonly lookedUntil: Date | null;
  /** Where the list continues; null from its beginning. */
  readonly cursor: string | null;
  /** The newest attempt of the list that continues; null from its beginning. */
  readonly newest: Date | null;
  /** Failed rounds in a row. */
  readonly failures: number;
}

/** How far a round has read. */
export type LookProgress = Pick<DeliveryLook, 'lookedUntil' | 'cursor' | 'newest'>;

/** Tracks how far GitHub's list of deliveries has been read, by one worker at a time. */
@Injectable()
export class DeliveryLooksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims the next round, unless another worker holds it or it is not due.
   *
   * @param isStart claims it before its time, unless the last round failed
   */
  async claim(appId: string, leaseMs: number, isStart: boolean): Promise<DeliveryLook | null> {
    const [row] = await this.unitOfWork.manager.query<DeliveryLook[]>(
      `INSERT INTO delivery_looks AS look (app_id, claims, claimed_until)
       VALUES ($1, 1, now() + make_interval(secs => $2 / 1000.0))
       ON CONFLICT (app_id) DO UPDATE SET claims = look.claims + 1, claimed_until = excluded.claimed_until
       WHERE (look.claimed_until IS NULL OR look.claimed_until < now())
         AND (look.next_at <= now() OR $3 AND look.failures = 0)
       RETURNING app_id AS "appId", claims AS claim, looked_until AS "lookedUntil", cursor, newest, failures`,
      [appId, leaseMs, isStart],
    );
    return row ?? null;
  }

  /** Keeps a claim for longer; returns false when another worker has it. */
  async extend({ appId, claim }: DeliveryLook, leaseMs: number): Promise<boolean> {
    const [, count] = await this.unitOfWork.manager.query<[unknown, number]>(
      `UPDATE delivery_looks SET claimed_until = now() + make_interval(secs => $3 / 1000.0)
       WHERE app_id = $1 AND claims = $2`,
      [appId, claim, leaseMs],
    );
    return count > 0;
  }

  /** Records how far the list has been read. */
  async advance({ appId, claim }: DeliveryLook, progress: LookProgress): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE delivery_looks SET looked_until = $3, cursor = $4, newest = $5 WHERE app_id = $1 AND claims = $2`,
      [appId, claim, progress.lookedUntil, progress.cursor, progress.newest],
    );
  }

  /** Ends a round. @param error why it failed; null after a success */
  async end({ appId, claim }: DeliveryLook, nextInMs: number, error: string | null): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE delivery_looks SET claimed_until = NULL, next_at = now() + make_interval(secs => $3 / 1000.0),
         error = $4, failures = CASE WHEN $4::text IS NULL THEN 0 ELSE failures + 1 END
       WHERE app_id = $1 AND claims = $2`,
      [appId, claim, nextInMs, error],
    );
  }
}
