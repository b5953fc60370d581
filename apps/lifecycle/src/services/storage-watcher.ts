import { WorkerConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { storageLevel } from '@nexos/domain';
import { Volumes } from '@nexos/engine';
import { recordStorageLevel, type ServiceStorage, ServiceStorageRepository } from '@nexos/state';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** The engine reads every file of its volumes to measure them. */
const SWEEPS_BETWEEN = 60;
const MIB = 1024 * 1024;

/**
 * Periodically measures the volumes of services on this worker's node, and records for each environment whether they near
 * or exceed what its live version expects (`storageMb`). Measures nothing while no version expects anything.
 */
@Injectable()
export class StorageWatcher extends PeriodicTask {
  private readonly logger = new Logger(StorageWatcher.name);
  private readonly stopping = new AbortController();

  constructor(
    private readonly storage: ServiceStorageRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly volumes: Volumes,
    config: WorkerConfig,
  ) {
    super('storage check', config.sweepMs * SWEEPS_BETWEEN);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await super.beforeApplicationShutdown();
  }

  protected run(): Promise<void> {
    return this.check();
  }

  /** Measures and records once. */
  async check(): Promise<void> {
    if ((await this.storage.findWatched()).length === 0) return;
    const measured = await this.volumes.measureShared(this.stopping.signal);
    await this.storage.recordUsage(
      measured.map(({ bytes, ...volume }) => ({ ...volume, usedMb: Math.ceil(bytes / MIB) })),
    );
    for (const service of await this.storage.findWatched()) await this.compare(service);
  }

  private async compare({ environmentId, kind, usedMb, limitMb, level }: ServiceStorage): Promise<void> {
    if (usedMb === null) return;
    const to = storageLevel(usedMb, limitMb, level);
    if (to === level) return;
    const change = { environmentId, kind, from: level, to, usedMb, limitMb };
    const isRecorded = await this.unitOfWork.run((transaction) => recordStorageLevel(transaction, change));
    if (!isRecorded) return;
    const size = limitMb === null ? `${usedMb} MiB` : `${usedMb} of ${limitMb} MiB`;
    this.logger.log(`storage of ${kind} for ${environmentId} is ${to}: ${size}`);
  }
}
