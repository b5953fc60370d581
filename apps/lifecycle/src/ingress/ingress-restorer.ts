import { IngressConfig, WorkerConfig } from '@nexos/config';
import { ProjectNetworks } from '@nexos/engine';
import { IngressMap } from '@nexos/ingress';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { IngressRoutes } from './ingress-routes.js';

const CHECK_EVERY_MS = 2_000;

/** Restores the ingress after it starts: connects it to every project's network and sets every route. */
@Injectable()
export class IngressRestorer extends PeriodicTask {
  private readonly logger = new Logger(IngressRestorer.name);
  private knownIdentity: string | null = null;
  private checkedAt = 0;

  constructor(
    private readonly map: IngressMap,
    private readonly routes: IngressRoutes,
    private readonly networks: ProjectNetworks,
    private readonly ingress: IngressConfig,
    private readonly worker: WorkerConfig,
  ) {
    super('ingress check', Math.min(CHECK_EVERY_MS, worker.sweepMs));
  }

  /** Detects a restart by the ingress's identity, and checks everything now and then regardless. */
  protected async run(): Promise<void> {
    const identity = await this.map.identity();
    const isDue = Date.now() - this.checkedAt > this.worker.sweepMs * 6;
    if (identity === this.knownIdentity && !isDue) return;
    await this.routes.restore();
    if (!(await this.connectAll())) return;
    if (identity !== this.knownIdentity)
      this.logger.log('restored the networks and routes of the ingress after it started');
    this.knownIdentity = identity;
    this.checkedAt = Date.now();
  }

  /** Connects every network it can; returns false when some failed. */
  private async connectAll(): Promise<boolean> {
    let areAllConnected = true;
    for (const { projectId } of await this.networks.list()) {
      try {
        await this.networks.connect(this.ingress.container, projectId);
      } catch (error) {
        areAllConnected = false;
        this.logger.warn(
          `could not connect the ingress to the network of ${projectId}: ${(error as Error).message}`,
        );
      }
    }
    return areAllConnected;
  }
}
