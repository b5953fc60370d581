import { WorkerConfig } from '@nexos/config';
import { ProjectServicesRepository } from '@nexos/state';
import { Volumes } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Leftover volumes only take space, so sweeps are rare. */
const SWEEPS_BETWEEN = 12;

/**
 * Periodically removes volumes of removed services from this worker's node, since the service may have been removed by
 * a worker on another node.
 */
@Injectable()
export class VolumeSweeper extends PeriodicTask {
  private readonly logger = new Logger(VolumeSweeper.name);

  constructor(
    private readonly services: ProjectServicesRepository,
    private readonly volumes: Volumes,
    config: WorkerConfig,
  ) {
    super('volume sweep', config.sweepMs * SWEEPS_BETWEEN);
  }

  protected async run(): Promise<void> {
    const left = await this.services.findAbandoned(await this.volumes.listShared());
    for (const { name } of left) {
      if ((await this.volumes.remove(name)) === 'removed') this.logger.log(`removed the volume ${name}`);
    }
  }
}
