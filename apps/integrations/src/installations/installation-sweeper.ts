import { WorkerConfig } from '@nexos/config';
import { settleAll } from '@nexos/domain';
import { ConfiguredApp } from '@nexos/github';
import { PeriodicTask } from '@nexos/queue';
import { type InstallationClaim, InstallationsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { InstallationListing } from './installation-listing.js';
import { InstallationSync } from './installation-sync.js';
import { PauseLog } from './pause-log.js';

/** Installations that one process asks about concurrently. Waiting for GitHub takes no connection to Postgres. */
const AT_ONCE = 4;
/** Those of one turn, so that the other duties of a turn do not wait for long. */
const MAX_TURN = 40;

/**
 * Every few seconds, asks GitHub about the installations that are new or changed, and about each of the others once a day;
 * and settles projects whose connection changed in another way. Safe to run in several processes.
 */
@Injectable()
export class InstallationSweeper extends PeriodicTask {
  private readonly stopping = new AbortController();

  constructor(
    private readonly installations: InstallationsRepository,
    private readonly listing: InstallationListing,
    private readonly sync: InstallationSync,
    private readonly log: PauseLog,
    private readonly configured: ConfiguredApp,
    private readonly config: WorkerConfig,
  ) {
    super('installation sweep', config.sweepMs);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await super.beforeApplicationShutdown();
  }

  protected run(): Promise<void> {
    return this.sweep();
  }

  /** Does everything that is due. */
  async sweep(): Promise<void> {
    const hasApp = await this.configured.exists();
    const { keepsConnections: requiresConnection } = this.configured;
    // Without an App, nothing can be learned about the connections that another one may need again.
    if (requiresConnection && !hasApp) return;
    this.log.tell(await this.installations.settleDrift({ requiresConnection }));
    if (!hasApp) return;
    const { signal } = this.stopping;
    await this.sync.run(signal);
    for (let asked = 0; asked < MAX_TURN && !signal.aborted; asked += AT_ONCE) {
      const claims = await this.installations.claimDue(this.config.leaseMs, AT_ONCE);
      await settleAll(claims.map((claim: InstallationClaim) => this.listing.run(claim, signal)));
      if (claims.length < AT_ONCE) return;
    }
  }
}
