import { WorkerConfig } from '@nexos/config';
import { BranchLookupsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Holds claims on repositories while the Git host is asked. */
@Injectable()
export class LookupClaims {
  private readonly logger = new Logger(LookupClaims.name);

  constructor(
    private readonly lookups: BranchLookupsRepository,
    private readonly config: WorkerConfig,
  ) {}

  /** Runs `work` and renews the claim meanwhile. Releases the claim if that fails. */
  async hold<T>(repository: string, claim: string, work: () => Promise<T>): Promise<T> {
    const { leaseMs } = this.config;
    const renewal = setInterval(() => {
      this.lookups.renew(repository, claim, leaseMs).catch((error: unknown) => {
        this.logger.warn(
          `could not renew the lease of the branch lookup of ${repository}: ${(error as Error).message}`,
        );
      });
    }, leaseMs / 3);
    try {
      return await work();
    } catch (error) {
      await this.lookups.release(repository, claim);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }
}
