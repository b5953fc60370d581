import { faultPoint } from '@nexos/config';
import { DeploymentEntity, EnvironmentEntity, type Lease, UnitOfWork } from '@nexos/database';
import {
  findExpiredBackups,
  forgetBackup,
  keepBackup,
  recordDestroyed,
  recordReset,
  settleEnvironment,
} from '@nexos/state';
import { type EnvironmentFacts, type EnvironmentStep, planEnvironment } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { EnvironmentErrors } from './environment-errors.js';
import { HookJobs } from '../hooks/hook-jobs.js';
import { IngressRoutes } from '../ingress/ingress-routes.js';
import { Cleanup } from './cleanup.js';
import { RolloutOvertakenError } from './overtaking.js';
import { ProjectNetwork } from './project-network.js';
import { ResetHooks } from '../reset/reset-hooks.js';
import { Rollout } from '../rollout/rollout.js';
import { EnvironmentServices, type ServiceWork } from '../services/environment-services.js';
import { ProjectServices } from '../services/project-services.js';
import { PauseResume } from '../pause/pause-resume.js';

/** Whether there is more to do right away. */
type Progress = 'again' | 'done';

/** Makes one environment equal to what is wanted of it, step by step, while its lease is held. */
@Injectable()
export class EnvironmentReconciler {
  private readonly logger = new Logger(EnvironmentReconciler.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly services: DeploymentServices,
    private readonly rollout: Rollout,
    private readonly pauseResume: PauseResume,
    private readonly routes: IngressRoutes,
    private readonly cleanup: Cleanup,
    private readonly network: ProjectNetwork,
    private readonly environmentServices: EnvironmentServices,
    private readonly projectServices: ProjectServices,
    private readonly hooks: HookJobs,
    private readonly resetHooks: ResetHooks,
    private readonly errors: EnvironmentErrors,
  ) {}

  async converge(environmentId: string, lease: Lease, stopping: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([lease.signal, stopping]);
    for (let progress: Progress = 'again'; progress === 'again';) {
      signal.throwIfAborted();
      const environment = await this.dataSource.manager.findOneBy(EnvironmentEntity, { id: environmentId });
      if (environment === null) return;
      try {
        const step = planEnvironment(await this.factsOf(environment), await this.databaseTime());
        this.logger.debug(`${environmentId}: ${step.kind}`);
        progress = await this.take(step, environment, lease, stopping);
      } catch (error) {
        if (!signal.aborted) await this.errors.note(environment, lease, error);
        throw error;
      }
      await this.errors.clear(environment, lease);
    }
  }

  private take(
    step: EnvironmentStep,
    environment: EnvironmentEntity,
    lease: Lease,
    stopping: AbortSignal,
  ): Promise<Progress> {
    switch (step.kind) {
      case 'nothing':
        return this.settle(environment, lease);
      case 'destroy':
        return this.destroy(environment, lease, AbortSignal.any([lease.signal, stopping]));
      case 'roll-out':
        return this.rollOut(environment, step.deploymentId, lease, stopping);
      case 'pause':
        return this.pause(environment, lease);
      case 'resume':
        return this.resume(environment, step.deploymentId, lease, stopping);
      case 'reset':
        return this.reset(environment, lease, AbortSignal.any([lease.signal, stopping]));
      case 'run-hooks':
        return this.runHooks(environment, step.deploymentId, {
          lease,
          signal: AbortSignal.any([lease.signal, stopping]),
        });
      case 'settle':
        return this.tidy(environment, step, { lease, signal: AbortSignal.any([lease.signal, stopping]) });
    }
  }

  private async pause(environment: EnvironmentEntity, lease: Lease): Promise<Progress> {
    await this.pauseResume.pause(environment, lease);
    return 'again';
  }

  private async resume(
    environment: EnvironmentEntity,
    deploymentId: string,
    lease: Lease,
    stopping: AbortSignal,
  ): Promise<Progress> {
    await this.pauseResume.resume(
      environment,
      deploymentId,
      lease,
      AbortSignal.any([lease.signal, stopping]),
    );
    return 'again';
  }

  /** What was there is written down as put aside before it is: a worker that dies in between is followed by another. */
  private async reset(environment: EnvironmentEntity, lease: Lease, signal: AbortSignal): Promise<Progress> {
    const { id, databaseGeneration, observedDatabaseGeneration: putAside, restoredGeneration } = environment;
    await this.unitOfWork.run(({ manager }) => keepBackup(manager, id, putAside));
    faultPoint('reset.backup-recorded');
    // A hook that outlived its worker would find itself in the new database.
    await this.hooks.removeAll(environment, { lease, signal });
    await this.dropOldBackups(environment, { lease, signal });
    const swap = { putAside, broughtBack: restoredGeneration };
    await this.environmentServices.swapDatabase(environment, swap, { lease, signal });
    faultPoint('reset.database-swapped');
    const held = { environmentId: id, epoch: lease.epoch, databaseGeneration, restoredGeneration };
    const recorded = await this.unitOfWork.run((transaction) => recordReset(transaction, held));
    faultPoint('reset.recorded');
    if (!recorded) await lease.guard();
    return 'again';
  }

  private async runHooks(
    environment: EnvironmentEntity,
    deploymentId: string,
    work: ServiceWork,
  ): Promise<Progress> {
    const deployment = await this.dataSource.manager.findOneByOrFail(DeploymentEntity, { id: deploymentId });
    try {
      await this.resetHooks.run(environment, deployment, work);
    } catch (error) {
      if (!(error instanceof RolloutOvertakenError)) throw error;
    }
    return 'again';
  }

  private async rollOut(
    environment: EnvironmentEntity,
    deploymentId: string,
    lease: Lease,
    stopping: AbortSignal,
  ): Promise<Progress> {
    const deployment = await this.dataSource.manager.findOneByOrFail(DeploymentEntity, { id: deploymentId });
    await this.rollout.run(environment, deployment, lease, stopping);
    return 'again';
  }

  private async tidy(
    environment: EnvironmentEntity,
    step: Extract<EnvironmentStep, { kind: 'settle' }>,
    work: ServiceWork,
  ): Promise<Progress> {
    const { lease } = work;
    await lease.guard();
    await this.routes.publish(environment.hostname);
    await this.cleanup.removeServices(step.remove, lease);
    if (step.again !== null) return this.comeBack(environment.id, step.again);
    faultPoint('rollout.old-service-removed');
    await this.hooks.removeAll(environment, work);
    faultPoint('rollout.hooks-removed');
    await this.cleanup.removeOldImages(environment, lease, work.signal);
    faultPoint('rollout.tidied');
    if (environment.status !== 'paused') await this.dropOldBackups(environment, work);
    if (['paused', 'failed'].includes(environment.status)) {
      await this.projectServices.rest(environment.projectId, work.signal);
    }
    if (environment.status === 'paused') faultPoint('pause.rested');
    return this.settle(environment, lease);
  }

  private async dropOldBackups(environment: EnvironmentEntity, work: ServiceWork): Promise<void> {
    for (const generation of await findExpiredBackups(this.dataSource.manager, environment.id)) {
      await this.environmentServices.dropDatabase(environment, generation, work);
      faultPoint('reset.expired-dropped');
      await forgetBackup(this.dataSource.manager, environment.id, generation);
    }
  }

  private async destroy(
    environment: EnvironmentEntity,
    lease: Lease,
    signal: AbortSignal,
  ): Promise<Progress> {
    const { id, hostname, projectId, generation } = environment;
    await lease.guard();
    await this.routes.publish(hostname);
    faultPoint('destroy.route-gone');
    const services = await this.services.listForEnvironment(id);
    await this.cleanup.removeServices(
      services.map((service) => service.deploymentId),
      lease,
    );
    faultPoint('destroy.services-removed');
    // What is left of its hooks holds its images too.
    await this.hooks.removeAll(environment, { lease, signal });
    faultPoint('destroy.hooks-removed');
    await this.cleanup.removeAllImages(id, lease, signal);
    faultPoint('destroy.images-removed');
    await this.environmentServices.deprovision(environment, { lease, signal });
    await this.network.release(projectId, id, signal);
    faultPoint('destroy.network-released');
    const seen = { environmentId: id, epoch: lease.epoch, generation };
    await this.unitOfWork.run((transaction) => recordDestroyed(transaction, seen));
    faultPoint('destroy.recorded');
    this.logger.log(`${id} is destroyed`);
    return 'done';
  }

  private async settle(environment: EnvironmentEntity, lease: Lease): Promise<Progress> {
    const seen = { environmentId: environment.id, epoch: lease.epoch, generation: environment.generation };
    const settled = await this.unitOfWork.run((transaction) => settleEnvironment(transaction, seen));
    if (!settled) await lease.guard();
    return settled ? 'done' : 'again';
  }

  private async comeBack(environmentId: string, afterMs: number): Promise<Progress> {
    await this.unitOfWork.run((transaction) => {
      transaction.enqueue(
        { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } },
        Math.ceil(afterMs) + 50,
      );
      return Promise.resolve();
    });
    return 'done';
  }

  /** What was drained until when is the database's time, and so is this. */
  private async databaseTime(): Promise<number> {
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT now() AS now');
    return row?.now.getTime() ?? Date.now();
  }

  private async factsOf(environment: EnvironmentEntity): Promise<EnvironmentFacts> {
    const services = await this.services.listForEnvironment(environment.id);
    const ids = services.map((service) => service.deploymentId);
    const { desiredDeploymentId } = environment;
    const deployments = await this.dataSource.manager.findBy(DeploymentEntity, {
      id: In(desiredDeploymentId === null ? ids : [...ids, desiredDeploymentId]),
    });
    const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]));
    return {
      status: environment.status,
      desiredState: environment.desiredState,
      isResetting: environment.databaseGeneration > environment.observedDatabaseGeneration,
      areHooksDue: environment.hooksDue,
      desired: byId.get(desiredDeploymentId ?? '') ?? null,
      liveDeploymentId: environment.liveDeploymentId,
      services: services.map(({ deploymentId, replicas }) => ({
        deploymentId,
        replicas,
        drainUntil: byId.get(deploymentId)?.drainUntil?.getTime() ?? null,
      })),
    };
  }
}
