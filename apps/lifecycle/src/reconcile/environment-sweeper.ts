import { WorkerConfig } from '@nexos/config';
import { DeploymentMovesRepository, type DueEnvironment, DueEnvironmentsRepository } from '@nexos/state';
import { DeploymentServices, type DeploymentService } from '@nexos/engine';
import { doubledDeployments } from '../nodes/doubled-deployments.js';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable } from '@nestjs/common';

/** The engine's services are listed less often. */
const SWEEPS_PER_ENGINE_CHECK = 4;

/**
 * Every few seconds, re-enqueues environments that are not in their desired state and that no worker reconciles, or that
 * failed and are to be tried again. Now and then also those whose services were removed outside Nexos, which only the
 * engine can tell, and those whose move to another node was interrupted.
 */
@Injectable()
export class EnvironmentSweeper extends PeriodicTask {
  private sweeps = 0;

  constructor(
    private readonly environments: DueEnvironmentsRepository,
    private readonly moves: DeploymentMovesRepository,
    private readonly queues: JobQueues,
    private readonly services: DeploymentServices,
    config: WorkerConfig,
  ) {
    super('environment sweep', config.sweepMs);
  }

  protected async run(): Promise<void> {
    const forgotten = await this.environments.findStalled();
    const failed = await this.environments.findRetryable();
    await this.enqueue([...forgotten, ...failed, ...(await this.environments.findWithExpiredBackups())]);
    if (this.sweeps++ % SWEEPS_PER_ENGINE_CHECK !== 0) return;
    const services = await this.services.listAll();
    await this.enqueue(await this.findStopped(services));
    await this.finishMoves(services);
  }

  private async enqueue(environments: readonly DueEnvironment[]): Promise<void> {
    await this.queues.reenqueue(
      environments.map(({ id, leaseEpoch }) => ({
        job: { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId: id } },
        key: `${id}-${leaseEpoch}`,
      })),
    );
  }

  /** A container has a second service while it moves to another node, and after a worker died during that. */
  private async finishMoves(services: readonly DeploymentService[]): Promise<void> {
    const doubled = doubledDeployments(services);
    if (doubled.size === 0) return;
    await this.queues.reenqueue(
      (await this.moves.environmentsOf([...doubled])).map((environmentId) => ({
        job: { queue: 'lifecycle', name: 'move-environment', payload: { environmentId } },
        key: `move-${environmentId}`,
      })),
    );
  }

  private findStopped(services: readonly DeploymentService[]): Promise<DueEnvironment[]> {
    const running = new Map<string, Set<string>>();
    for (const { deploymentId, container } of services.filter(({ replicas }) => replicas > 0)) {
      running.set(deploymentId, (running.get(deploymentId) ?? new Set()).add(container));
    }
    return this.environments.findStopped(new Map([...running].map(([id, { size }]) => [id, size])));
  }
}
