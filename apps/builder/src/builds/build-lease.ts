import { type BuildClaims, supersedeBuild } from '@nexos/state';
import { type DeploymentEntity, type UnitOfWork } from '@nexos/database';
import { Logger } from '@nestjs/common';

const RENEW_EVERY_MS = 1_000;

/** This builder no longer holds the build: it was cancelled, superseded, or claimed by another builder. */
export class BuildLostError extends Error {
  constructor() {
    super('this builder no longer holds the build');
    this.name = 'BuildLostError';
  }
}

/**
 * Renews the lease of a running build, and supersedes the build once a newer push has waited long enough and is next. Aborts its
 * signal as soon as the build is lost.
 */
export class BuildLease {
  private readonly logger = new Logger(BuildLease.name);
  private readonly lost = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private renewedAt = Date.now();
  private isRenewing = false;

  constructor(
    private readonly claims: BuildClaims,
    private readonly unitOfWork: UnitOfWork,
    private readonly deployment: DeploymentEntity,
    private readonly times: { leaseMs: number; supersedeAfterMs: number },
  ) {
    const every = Math.min(RENEW_EVERY_MS, times.leaseMs / 3);
    this.timer = setInterval(() => void this.renew(), every);
  }

  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** Stops renewing. */
  end(): void {
    clearInterval(this.timer);
  }

  private async renew(): Promise<void> {
    if (this.isRenewing || this.lost.signal.aborted) return;
    this.isRenewing = true;
    try {
      if (await this.renewLease()) this.renewedAt = Date.now();
      else this.lose();
    } catch (error) {
      this.logger.warn(
        `could not renew the lease of build ${this.deployment.id}: ${(error as Error).message}`,
      );
      if (Date.now() - this.renewedAt > this.times.leaseMs) this.lose();
    } finally {
      this.isRenewing = false;
    }
  }

  private async renewLease(): Promise<boolean> {
    const { id, environmentId, attempt } = this.deployment;
    await this.unitOfWork.run((transaction) =>
      supersedeBuild(transaction, environmentId, this.times.supersedeAfterMs),
    );
    return this.claims.renew(id, attempt, this.times.leaseMs);
  }

  private lose(): void {
    this.end();
    this.lost.abort(new BuildLostError());
  }
}
