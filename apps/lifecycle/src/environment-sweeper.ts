import { WorkerConfig } from '@nexos/config';
import { findEnvironmentsWithExpiredBackups, findForgottenEnvironments } from '@nexos/database';
import { JobQueues, Repeater } from '@nexos/queue';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Every few seconds: finds environments that are not as they are wanted and that nobody works on. */
@Injectable()
export class EnvironmentSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeater: Repeater;

  constructor(
    private readonly dataSource: DataSource,
    private readonly queues: JobQueues,
    config: WorkerConfig,
  ) {
    this.repeater = new Repeater('environment sweep', config.sweepMs, () => this.sweep());
  }

  onApplicationBootstrap(): void {
    this.repeater.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeater.stop();
  }

  private async sweep(): Promise<void> {
    const { manager } = this.dataSource;
    const forgotten = await findForgottenEnvironments(manager);
    const untidy = await findEnvironmentsWithExpiredBackups(manager);
    await this.queues.remind(
      [...forgotten, ...untidy].map(({ id, leaseEpoch }) => ({
        job: { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId: id } },
        key: `${id}-${leaseEpoch}`,
      })),
    );
  }
}
