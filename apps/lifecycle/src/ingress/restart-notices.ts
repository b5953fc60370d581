import { HoldMap, IngressUnavailableError } from '@nexos/ingress';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Makes HAProxy tell visitors when a container that keeps exiting is started again. Without that it tells them to try again
 * in a second, so a failure is only logged.
 */
@Injectable()
export class RestartNotices {
  private readonly logger = new Logger(RestartNotices.name);

  constructor(private readonly holds: HoldMap) {}

  /** @param until milliseconds since the epoch */
  announce(service: string, until: number): Promise<void> {
    return this.attempt(service, () => this.holds.hold(service, until));
  }

  /** Call it when a service starts for another reason, or is about to. */
  withdraw(service: string): Promise<void> {
    return this.attempt(service, () => this.holds.delete(service));
  }

  private async attempt(service: string, change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof IngressUnavailableError)) throw error;
      this.logger.warn(`visitors may not be told when ${service} starts again: ${error.message}`);
    }
  }
}
