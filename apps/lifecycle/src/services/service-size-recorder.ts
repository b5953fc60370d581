import { ServicesConfig, WorkerConfig } from '@nexos/config';
import { type ServiceKind } from '@nexos/domain';
import { PeriodicTask } from '@nexos/queue';
import { ServiceSizesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** The sizes change only when a worker with another configuration starts. */
const SWEEPS_BETWEEN = 60;

/** Records what the services of projects take, so that quotas reserve it before a service first starts. */
@Injectable()
export class ServiceSizeRecorder extends PeriodicTask {
  constructor(
    private readonly sizes: ServiceSizesRepository,
    private readonly services: ServicesConfig,
    config: WorkerConfig,
  ) {
    super('record of service sizes', config.sweepMs * SWEEPS_BETWEEN);
  }

  protected run(): Promise<void> {
    const { cpu, postgresMemoryMb, redisMemoryMb, s3MemoryMb } = this.services;
    const memory: Readonly<Record<ServiceKind, number>> = {
      postgres: postgresMemoryMb,
      redis: redisMemoryMb,
      s3: s3MemoryMb,
    };
    const kinds = Object.entries(memory) as [ServiceKind, number][];
    return this.sizes.record(kinds.map(([kind, memoryMb]) => ({ kind, cpu, memoryMb })));
  }
}
