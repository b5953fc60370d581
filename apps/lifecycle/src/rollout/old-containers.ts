import { setTimeout as wait } from 'node:timers/promises';
import { type DeploymentEntity } from '@nexos/database';
import { HeldRestartsRepository } from '@nexos/state';
import { DeploymentServices, type DeploymentService } from '@nexos/engine';
import { type Container, containersOf } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { type ReconcileContext } from '../reconcile/reconcile-context.js';
import { SupersedeCheck } from '../reconcile/supersede-check.js';
import { LastOutput } from '../runtime-logs/last-output.js';

const CHECK_EVERY_MS = 250;

/** Stops the predecessors of containers that must not run beside them (`overlap: false`). */
@Injectable()
export class OldContainers {
  constructor(
    private readonly services: DeploymentServices,
    private readonly supersede: SupersedeCheck,
    private readonly output: LastOutput,
    private readonly holds: HeldRestartsRepository,
  ) {}

  /**
   * Stops a container's predecessors, and waits until they have ended: the engine kills them after their grace period.
   *
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  async stop(
    { environment, lease, signal }: ReconcileContext,
    deployment: DeploymentEntity,
    { name: container }: Container,
  ): Promise<void> {
    const old = await this.find(
      environment.id,
      container,
      ({ deploymentId }) => deploymentId !== deployment.id,
    );
    for (const { name, deploymentId, replicas } of old.filter((service) => service.replicas > 0)) {
      const stopping = { deploymentId, projectId: environment.projectId, container };
      await this.output.follow(stopping, signal);
      if (replicas > 0) await this.services.scale(name, 0, lease.guard);
    }
    for (const { deploymentId } of old) {
      while (await this.services.hasContainers({ deploymentId, container })) {
        await this.supersede.check(environment, deployment);
        await wait(CHECK_EVERY_MS, undefined, { signal });
      }
      await this.output.finish({ deploymentId, projectId: environment.projectId, container }, signal);
    }
  }

  /**
   * Starts again what was stopped of the live version, once the containers that failed to replace it have ended. Leaves alone
   * what is held back because it exits again and again.
   */
  async giveBack(context: ReconcileContext, failed: DeploymentEntity): Promise<void> {
    const { environment, lease, signal } = context;
    const held = await this.holds.find(environment.id, environment.liveDeploymentId ?? '');
    for (const { name: container } of containersOf(failed.settings).filter(({ overlap }) => !overlap)) {
      const all = await this.find(environment.id, container, () => true);
      const isStopped = (service: DeploymentService) =>
        service.deploymentId === environment.liveDeploymentId && service.replicas === 0;
      const [old] = all.filter(isStopped);
      if (old === undefined) continue;
      const own = all.filter(({ deploymentId }) => deploymentId === failed.id);
      for (const { name, replicas } of own) if (replicas > 0) await this.services.scale(name, 0, lease.guard);
      while (await this.services.hasContainers({ deploymentId: failed.id, container })) {
        await wait(CHECK_EVERY_MS, undefined, { signal });
      }
      if (!held.has(container)) await this.services.scale(old.name, 1, lease.guard);
    }
  }

  private async find(
    environmentId: string,
    container: string,
    isIncluded: (service: DeploymentService) => boolean,
  ): Promise<DeploymentService[]> {
    const services = await this.services.listForEnvironment(environmentId);
    return services.filter((service) => service.container === container && isIncluded(service));
  }
}
