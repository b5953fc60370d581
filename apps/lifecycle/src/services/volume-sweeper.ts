import { WorkerConfig } from '@nexos/config';
import { findLeftServices } from '@nexos/database';
import { Volumes } from '@nexos/engine';
import { Repeater } from '@nexos/queue';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A volume that is left behind is in nobody's way. */
const SWEEPS_BETWEEN = 12;

/**
 * Now and then: removes the volumes of services that are gone from this worker's own machine. Whoever took the service
 * away may have been on another machine.
 */
@Injectable()
export class VolumeSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(VolumeSweeper.name);
  private readonly repeater: Repeater;

  constructor(
    private readonly dataSource: DataSource,
    private readonly volumes: Volumes,
    config: WorkerConfig,
  ) {
    this.repeater = new Repeater('volume sweep', config.sweepMs * SWEEPS_BETWEEN, () => this.sweep());
  }

  onApplicationBootstrap(): void {
    this.repeater.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeater.stop();
  }

  private async sweep(): Promise<void> {
    const left = await findLeftServices(this.dataSource.manager, await this.volumes.listShared());
    for (const { name } of left) {
      if ((await this.volumes.remove(name)) === 'removed') this.logger.log(`removed the volume ${name}`);
    }
  }
}
