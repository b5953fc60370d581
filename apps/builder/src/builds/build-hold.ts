import { type BuildClaims, supersedeBuild } from '@nexos/state';
import { type DeploymentEntity, type UnitOfWork } from '@nexos/database';
import { Logger } from '@nestjs/common';

const LOOK_EVERY_MS = 1_000;

/** The build is not this builder's any more: cancelled, superseded, or given to another one. */
export class BuildTakenAwayError extends Error {
  constructor() {
    super('the build was taken away');
    this.name = 'BuildTakenAwayError';
  }
}

/**
 * Keeps a build while it runs: renews its lease, and gives it up when a newer push has waited for long enough.
 * Its signal is aborted as soon as the build is not ours any more.
 */
export class BuildHold {
  private readonly logger = new Logger(BuildHold.name);
  private readonly lost = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private renewedAt = Date.now();
  private looking = false;

  constructor(
    private readonly claims: BuildClaims,
    private readonly unitOfWork: UnitOfWork,
    private readonly deployment: DeploymentEntity,
    private readonly times: { leaseMs: number; supersedeAfterMs: number },
  ) {
    const every = Math.min(LOOK_EVERY_MS, times.leaseMs / 3);
    this.timer = setInterval(() => void this.look(), every);
  }

  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** Stops renewing. */
  end(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.looking || this.lost.signal.aborted) return;
    this.looking = true;
    try {
      if (await this.stillOurs()) this.renewedAt = Date.now();
      else this.lose();
    } catch (error) {
      this.logger.warn(`the build ${this.deployment.id} is not renewed: ${(error as Error).message}`);
      if (Date.now() - this.renewedAt > this.times.leaseMs) this.lose();
    } finally {
      this.looking = false;
    }
  }

  private async stillOurs(): Promise<boolean> {
    const { id, environmentId, attempt } = this.deployment;
    await this.unitOfWork.run((transaction) =>
      supersedeBuild(transaction, environmentId, this.times.supersedeAfterMs),
    );
    return this.claims.renew(id, attempt, this.times.leaseMs);
  }

  private lose(): void {
    this.end();
    this.lost.abort(new BuildTakenAwayError());
  }
}
