import { IngressConfig, WorkerConfig } from '@nexos/config';
import { ProjectNetworks } from '@nexos/engine';
import { IngressMap } from '@nexos/ingress';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { IngressRoutes } from './ingress-routes.js';

const LOOK_EVERY_MS = 2_000;

/** Puts the ingress right after it has started: connects it to every project's network and sets every route. */
@Injectable()
export class IngressKeeper extends PeriodicTask {
  private readonly logger = new Logger(IngressKeeper.name);
  private known: string | null = null;
  private checkedAt = 0;

  constructor(
    private readonly map: IngressMap,
    private readonly routes: IngressRoutes,
    private readonly networks: ProjectNetworks,
    private readonly ingress: IngressConfig,
    private readonly worker: WorkerConfig,
  ) {
    super('ingress check', Math.min(LOOK_EVERY_MS, worker.sweepMs));
  }

  /** A restart is seen by the ingress's identity; now and then all is checked even so. */
  protected async takeTurn(): Promise<void> {
    const identity = await this.map.identity();
    const isDue = Date.now() - this.checkedAt > this.worker.sweepMs * 6;
    if (identity === this.known && !isDue) return;
    await this.routes.restore();
    if (!(await this.connectAll())) return;
    if (identity !== this.known) this.logger.log('the ingress has started; its routes are set');
    this.known = identity;
    this.checkedAt = Date.now();
  }

  /** One network that cannot be joined keeps the ingress from none of the others. */
  private async connectAll(): Promise<boolean> {
    let isWhole = true;
    for (const { projectId } of await this.networks.list()) {
      try {
        await this.networks.connect(this.ingress.container, projectId);
      } catch (error) {
        isWhole = false;
        this.logger.warn(`the ingress is not on the network of ${projectId}: ${(error as Error).message}`);
      }
    }
    return isWhole;
  }
}
