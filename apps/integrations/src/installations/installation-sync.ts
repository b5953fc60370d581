import { NotifyConfig, withDeadline } from '@nexos/config';
import { AppInstallations, GithubRequestError } from '@nexos/github';
import { InstallationsRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** A day, at another time in each process. */
const INTERVAL_MS = 86_400_000;
const SPREAD = 0.1;
const RETRY_MS = 60_000;

/**
 * Compares all installations that GitHub has with those that are known, at start-up and once a day, in case an event was
 * missed. Each difference is settled by asking about that installation alone.
 */
@Injectable()
export class InstallationSync {
  private readonly logger = new Logger(InstallationSync.name);
  private dueAt = 0;

  constructor(
    private readonly installations: InstallationsRepository,
    private readonly app: AppInstallations,
    private readonly config: NotifyConfig,
  ) {}

  /** Compares them if that is due. */
  async run(stopping: AbortSignal): Promise<void> {
    if (Date.now() < this.dueAt) return;
    try {
      await this.compare(stopping);
      this.dueAt = Date.now() + INTERVAL_MS * (1 - SPREAD + Math.random() * 2 * SPREAD);
    } catch (error) {
      if (stopping.aborted) return;
      if (!(error instanceof GithubRequestError)) throw error;
      this.dueAt = Date.now() + Math.max(error.retryAfterMs ?? 0, RETRY_MS);
      this.logger.warn(`could not list the installations of the GitHub App; trying again: ${error.message}`);
    }
  }

  private async compare(stopping: AbortSignal): Promise<void> {
    const known = await this.installations.known();
    const found = await this.app.all(() => withDeadline(stopping, this.config.timeoutMs));
    const byId = new Map(known.map((one) => [one.id, one]));
    let differences = 0;
    for (const installation of found) {
      const before = byId.get(installation.id);
      byId.delete(installation.id);
      if (before?.status === installation.status) continue;
      differences += 1;
      if (before === undefined) await this.installations.add(installation);
      else await this.installations.doubt(before, before.status === 'removed');
    }
    for (const missing of byId.values()) {
      if (missing.status === 'removed') continue;
      differences += 1;
      await this.installations.doubt(missing, false);
    }
    if (differences > 0) this.logger.log(`asking GitHub about ${differences} installation(s) of the App`);
  }
}
