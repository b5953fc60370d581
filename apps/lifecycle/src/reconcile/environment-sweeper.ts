import { WorkerConfig } from '@nexos/config';
import { type DueEnvironment, DueEnvironmentsRepository } from '@nexos/state';
import { DeploymentServices } from '@nexos/engine';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable } from '@nestjs/common';

/** The engine is asked for all of its services less often. */
const SWEEPS_BETWEEN_LOOKS = 4;

/**
 * Every few seconds: finds environments that are not as they are wanted and that nobody works on. Now and then also those
 * that only the engine knows to be otherwise: their services were taken away behind our back.
 */
@Injectable()
export class EnvironmentSweeper extends PeriodicTask {
  private sweeps = 0;

  constructor(
    private readonly environments: DueEnvironmentsRepository,
    private readonly queues: JobQueues,
    private readonly services: DeploymentServices,
    config: WorkerConfig,
  ) {
    super('environment sweep', config.sweepMs);
  }

  protected async takeTurn(): Promise<void> {
    const forgotten = await this.environments.findForgotten();
    await this.remind([...forgotten, ...(await this.environments.findWithExpiredBackups())]);
    if (this.sweeps++ % SWEEPS_BETWEEN_LOOKS === 0) await this.remind(await this.findStopped());
  }

  private async remind(environments: readonly DueEnvironment[]): Promise<void> {
    await this.queues.remind(
      environments.map(({ id, leaseEpoch }) => ({
        job: { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId: id } },
        key: `${id}-${leaseEpoch}`,
      })),
    );
  }

  private async findStopped(): Promise<DueEnvironment[]> {
    const services = await this.services.listAll();
    const running = services.filter(({ replicas }) => replicas > 0);
    return this.environments.findStopped(running.map(({ deploymentId }) => deploymentId));
  }
}
