import { WorkerConfig } from '@nexos/config';
import { IngressMap, IngressUnavailableError } from '@nexos/ingress';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { IngressRoutes } from './ingress-routes.js';

/** Shorter than the engine takes to start HAProxy again, so that a restart is noticed before its end. */
const CHECK_EVERY_MS = 250;
/** How long visitors may have to wait for routes after HAProxy has started. */
const CHECK_WHILE_AWAY_MS = 25;

/** Restores every route after the ingress starts. */
@Injectable()
export class IngressRestorer extends PeriodicTask {
  private readonly logger = new Logger(IngressRestorer.name);
  private knownIdentity: string | null = null;
  private checkedAt = 0;
  private isAway = false;
  private readonly pauseMs: number;

  constructor(
    private readonly map: IngressMap,
    private readonly routes: IngressRoutes,
    private readonly worker: WorkerConfig,
  ) {
    const pauseMs = Math.min(CHECK_EVERY_MS, worker.sweepMs);
    super('ingress check', pauseMs);
    this.pauseMs = pauseMs;
  }

  /** Checks more often while HAProxy is away, which costs its visitors more than the checks. */
  protected async run(): Promise<void> {
    this.setPause(this.pauseMs);
    try {
      await this.restoreWhenDue();
      this.isAway = false;
    } catch (error) {
      if (!(error instanceof IngressUnavailableError)) throw error;
      if (!this.isAway) this.logger.warn(`cannot reach the ingress, will retry: ${error.message}`);
      this.isAway = true;
      this.setPause(CHECK_WHILE_AWAY_MS);
    }
  }

  /** Detects a restart by the ingress's identity, and checks everything now and then regardless. */
  private async restoreWhenDue(): Promise<void> {
    const identity = await this.map.identity();
    const isDue = Date.now() - this.checkedAt > this.worker.sweepMs * 6;
    if (identity === this.knownIdentity && !isDue) return;
    await this.routes.restore();
    if (identity !== this.knownIdentity)
      this.logger.log('restored the routes of the ingress after it started');
    this.knownIdentity = identity;
    this.checkedAt = Date.now();
  }
}
