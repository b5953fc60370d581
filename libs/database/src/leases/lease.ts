import { WorkerConfig } from '@nexos/config';
import { Injectable, Logger } from '@nestjs/common';
import { LeaseTable, type Leasable } from './lease-table.js';

/** The lease expired or was taken over; its holder must stop immediately. */
export class LeaseLostError extends Error {
  constructor(of: Leasable, id: string) {
    super(`lost the lease of ${of} ${id}: another worker may have taken over`);
    this.name = 'LeaseLostError';
  }
}

/** A lease that is held and renewed. */
export interface Lease {
  readonly epoch: string;
  /** Aborted as soon as the lease is known to be lost. */
  readonly signal: AbortSignal;
  /**
   * Checks in the database that the lease is still held. Awaited before every call that changes the engine or the
   * ingress.
   *
   * @throws {LeaseLostError} when it is not held any longer
   */
  readonly guard: () => Promise<void>;
}

/** Lets one worker at a time work on an environment, on the shared resources of a project, or on an execution. */
@Injectable()
export class Leases {
  private readonly logger = new Logger(Leases.name);
  private readonly owner = `${process.pid}-${crypto.randomUUID().slice(0, 8)}`;

  constructor(
    private readonly table: LeaseTable,
    private readonly config: WorkerConfig,
  ) {}

  /**
   * Runs `work` while holding the lease, which is renewed every third of its duration.
   *
   * @returns the result of `work`, or null when another worker holds the lease
   * @throws {LeaseLostError} from the guard, when the lease is lost meanwhile
   */
  async hold<T extends object>(
    of: Leasable,
    id: string,
    work: (lease: Lease) => Promise<T>,
  ): Promise<T | null> {
    const epoch = await this.table.acquire(of, id, this.owner, this.config.leaseMs);
    if (epoch === null) return null;
    const lost = new AbortController();
    const lose = () => lost.abort(new LeaseLostError(of, id));
    let renewedAt = Date.now();
    const timer = setInterval(() => {
      this.table.renew(of, id, epoch, this.config.leaseMs).then(
        (held) => {
          if (held) renewedAt = Date.now();
          else lose();
        },
        (error: unknown) => {
          this.logger.warn(`could not renew the lease of ${of} ${id}: ${(error as Error).message}`);
          if (Date.now() - renewedAt >= this.config.leaseMs) lose();
        },
      );
    }, this.config.leaseMs / 3);
    try {
      return await work({ epoch, signal: lost.signal, guard: () => this.guard(of, id, epoch) });
    } finally {
      clearInterval(timer);
      await this.table.release(of, id, epoch);
    }
  }

  private async guard(of: Leasable, id: string, epoch: string): Promise<void> {
    if (!(await this.table.isHeld(of, id, epoch))) throw new LeaseLostError(of, id);
  }
}
