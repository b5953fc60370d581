import { DeliveriesConfig, WorkerConfig } from '@nexos/config';
import { GithubRequestError, HookDeliveries } from '@nexos/github';
import { type DeliveryLook, DeliveryLooksRepository, LostDeliveriesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Parts of GitHub's list that one round reads; the next round continues there. */
const MAX_PAGES = 10;
/** Deliveries that one round requests. GitHub limits requests that make it do something to 80 per minute. */
const MAX_REQUESTS = 50;
/** How soon the next round is due when this one left something. */
const NEXT_MS = 60_000;
/** An attempt is listed when it has ended, and so perhaps after a newer one. */
const OVERLAP_MS = 600_000;
/** GitHub lists the attempts of three days. */
const KEPT_MS = 3 * 86_400_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Another worker looks at the list. */
class LookLostError extends Error {}

/** Has GitHub repeat deliveries that failed, such as while the API was down. */
@Injectable()
export class RedeliveryRound {
  private readonly logger = new Logger(RedeliveryRound.name);

  constructor(
    private readonly looks: DeliveryLooksRepository,
    private readonly lost: LostDeliveriesRepository,
    private readonly hook: HookDeliveries,
    private readonly worker: WorkerConfig,
    private readonly config: DeliveriesConfig,
  ) {}

  /**
   * Looks for failed deliveries since the last round, and requests those that are due. Does nothing when another worker
   * does, or it is too early.
   *
   * @param isStart whether the process has just started, so that it looks at once
   */
  async run(appId: number, isStart: boolean, stopping: AbortSignal): Promise<void> {
    const look = await this.looks.claim(String(appId), this.leaseMs, isStart);
    if (look === null) return;
    try {
      const isListed = await this.list(look, stopping);
      const isDone = await this.request(look, stopping);
      await this.lost.deleteExpired();
      const { redeliveryMs } = this.config;
      await this.looks.end(look, isListed && isDone ? redeliveryMs : Math.min(redeliveryMs, NEXT_MS), null);
    } catch (error) {
      if (error instanceof LookLostError) return;
      // A process that stops has not failed: another one may go on.
      if (stopping.aborted) await this.looks.end(look, 0, null);
      else await this.fail(look, error as Error);
    }
  }

  /** Reads GitHub's list from where the last round ended; returns whether it was read to its end. */
  private async list(look: DeliveryLook, stopping: AbortSignal): Promise<boolean> {
    let { cursor, newest } = look;
    const since = (look.lookedUntil?.getTime() ?? Date.now() - KEPT_MS) - OVERLAP_MS;
    for (let page = 0; page < MAX_PAGES; page++) {
      await this.extend(look);
      const listed = await this.hook.list(cursor, stopping);
      await this.lost.record(listed.attempts.filter(({ deliveredAt }) => deliveredAt.getTime() >= since));
      newest ??= listed.attempts[0]?.deliveredAt ?? look.lookedUntil;
      const oldest = listed.attempts.at(-1)?.deliveredAt.getTime() ?? 0;
      if (listed.cursor === null || oldest < since) {
        await this.looks.advance(look, { lookedUntil: newest, cursor: null, newest: null });
        return true;
      }
      cursor = listed.cursor;
      await this.looks.advance(look, { lookedUntil: look.lookedUntil, cursor, newest });
    }
    return false;
  }

  /** Requests deliveries that are due; returns whether these were all. */
  private async request(look: DeliveryLook, stopping: AbortSignal): Promise<boolean> {
    const due = await this.lost.due(MAX_REQUESTS);
    for (const delivery of due) {
      await this.extend(look);
      try {
        await this.hook.repeat(delivery.attemptId, stopping);
        this.logger.log(`asked GitHub to repeat the delivery ${delivery.guid}`);
      } catch (error) {
        if (!(error instanceof GithubRequestError) || isTemporary(error)) throw error;
        this.logger.warn(`GitHub cannot repeat the delivery ${delivery.guid}: ${error.message}`);
      }
      await this.lost.recordRequested(delivery);
    }
    return due.length < MAX_REQUESTS;
  }

  private async fail(look: DeliveryLook, error: Error): Promise<void> {
    const isFinal = error instanceof GithubRequestError && !isTemporary(error);
    // GitHub may no longer know where its list continues.
    if (isFinal)
      await this.looks.advance(look, { lookedUntil: look.lookedUntil, cursor: null, newest: null });
    const asked = error instanceof GithubRequestError ? error.retryAfterMs : null;
    const doubled = Math.min(this.config.redeliveryMs * 2 ** Math.min(look.failures, 10), LONGEST_WAIT_MS);
    this.logger.warn(`could not look for deliveries to repeat: ${error.message}`);
    await this.looks.end(look, asked ?? doubled, error.message);
  }

  private async extend(look: DeliveryLook): Promise<void> {
    if (!(await this.looks.extend(look, this.leaseMs))) throw new LookLostError();
  }

  /** Longer than one request, before each of which the claim is extended. */
  private get leaseMs(): number {
    return Math.max(this.worker.leaseMs, 30_000);
  }
}

function isTemporary({ kind }: GithubRequestError): boolean {
  return kind === 'limited' || kind === 'unavailable';
}
