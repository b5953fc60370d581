import { WorkerConfig } from '@nexos/config';
import { DeploymentServices, EngineError, Images } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** An image that is left only takes space, so sweeps are rare. */
const SWEEPS_BETWEEN = 12;
/** By this age, the jobs of its deployment have run, and its services exist. */
const SETTLED_MS = 3_600_000;

/**
 * Removes images from this engine that it has pulled for services that no longer exist. The registry still has them, so
 * that a rollback pulls them again. Where builds share this engine, the builder removes images.
 */
@Injectable()
export class PulledImageSweeper extends PeriodicTask {
  private readonly logger = new Logger(PulledImageSweeper.name);

  constructor(
    private readonly images: Images,
    private readonly services: DeploymentServices,
    config: WorkerConfig,
  ) {
    super('pulled images', config.sweepMs * SWEEPS_BETWEEN);
  }

  async run(now = Date.now()): Promise<void> {
    // Services are listed later: one that appears meanwhile keeps its image.
    const pulled = await this.images.listPulled();
    if (pulled.length === 0) return;
    const used = new Set((await this.services.listAll()).map(({ image }) => image));
    const unused = pulled.filter(
      ({ references, createdAt }) =>
        now - createdAt.getTime() > SETTLED_MS && !references.some((reference) => used.has(reference)),
    );
    let removed = 0;
    for (const { id } of unused) {
      try {
        if ((await this.images.remove(id)) === 'removed') removed++;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        this.logger.warn(`could not remove the image ${id}, will retry: ${error.message}`);
      }
    }
    if (removed > 0) this.logger.log(`removed ${removed} pulled image(s) that nothing runs`);
  }
}
