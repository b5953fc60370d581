import { faultPoint, NotifyConfig, withDeadline, WorkerConfig } from '@nexos/config';
import { AppInstallations, type BeforeRequest, ConfiguredApp, GithubRequestError } from '@nexos/github';
import { GithubReportsRepository, type InstallationClaim, InstallationsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { PauseLog } from './pause-log.js';

/** When GitHub is asked again that did not answer. */
const RETRY_MS = 60_000;

/** An event has ended the claim, or another worker has it. */
class ClaimLostError extends Error {
  constructor() {
    super('the claim of the installation is over');
    this.name = 'ClaimLostError';
  }
}

/**
 * Asks GitHub about one installation and its repositories, and records the answer. Only an answer removes anything: not
 * one that GitHub limits, refuses or cuts off.
 */
@Injectable()
export class InstallationListing {
  private readonly logger = new Logger(InstallationListing.name);

  constructor(
    private readonly installations: InstallationsRepository,
    private readonly reports: GithubReportsRepository,
    private readonly app: AppInstallations,
    private readonly log: PauseLog,
    private readonly configured: ConfiguredApp,
    private readonly notify: NotifyConfig,
    private readonly worker: WorkerConfig,
  ) {}

  /** @param stopping aborts the listing, which another worker repeats once the claim is over */
  async run(claimed: InstallationClaim, stopping: AbortSignal): Promise<void> {
    faultPoint('installation.claimed');
    const id = claimed.installationId;
    let claim = claimed;
    const before: BeforeRequest = async () => {
      stopping.throwIfAborted();
      const extended = await this.installations.extend(claim, this.worker.leaseMs);
      if (extended === null) throw new ClaimLostError();
      claim = extended;
      return withDeadline(stopping, this.notify.timeoutMs);
    };
    try {
      const found = await this.app.find(id, before);
      const isActive = found?.status === 'active';
      const repositories = isActive ? await this.app.repositories(id, before) : null;
      faultPoint('installation.answered');
      const rule = { requiresConnection: this.configured.keepsConnections };
      const changes = await this.installations.record(claim, found, repositories, rule);
      faultPoint('installation.recorded');
      this.log.tell(changes ?? []);
      this.logger.debug(
        `installation ${id}: ${found?.status ?? 'removed'}, ${repositories?.length ?? 'no'} repositories`,
      );
    } catch (error) {
      if (error instanceof ClaimLostError) return;
      if (stopping.aborted) await this.installations.postpone(claim, 0);
      else if (error instanceof GithubRequestError) await this.retryLater(claim, error);
      else throw error;
    }
  }

  private async retryLater(claim: InstallationClaim, error: GithubRequestError): Promise<void> {
    const { kind, message, retryAfterMs } = error;
    const ms = Math.max(retryAfterMs ?? 0, RETRY_MS);
    if (kind === 'limited') await this.reports.pause(claim.installationId, retryAfterMs ?? RETRY_MS);
    await this.installations.postpone(claim, ms);
    this.logger.warn(
      `could not list the repositories of installation ${claim.installationId}; trying again: ${message}`,
    );
  }
}
