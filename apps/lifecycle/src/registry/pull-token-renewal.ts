import { EngineConfig, WorkerConfig } from '@nexos/config';
import { DeploymentServices } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Tokens last for weeks. */
const SWEEPS_BETWEEN = 12;

/** Keeps the tokens valid with which Swarm pulls images for services that nobody changes. */
@Injectable()
export class PullTokenRenewal extends PeriodicTask {
  private readonly logger = new Logger(PullTokenRenewal.name);

  constructor(
    private readonly services: DeploymentServices,
    private readonly engine: EngineConfig,
    config: WorkerConfig,
  ) {
    super('registry tokens', config.sweepMs * SWEEPS_BETWEEN);
  }

  protected async run(): Promise<void> {
    if (this.engine.tokenPemFile === undefined) return;
    const renewed = await this.services.renewPullTokens();
    if (renewed > 0) this.logger.log(`renewed the registry tokens of ${renewed} service(s)`);
  }
}
