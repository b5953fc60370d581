import { faultPoint } from '@nexos/config';
import { type EnvironmentEntity, type Lease, UnitOfWork } from '@nexos/database';
import {
  DatabaseBackupsRepository,
  DeploymentsRepository,
  EnvironmentsRepository,
  HeldRestartsRepository,
  recordDestroyed,
  recordReset,
  settleEnvironment,
} from '@nexos/state';
import { type EnvironmentFacts, type EnvironmentStep, planEnvironment } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import { containersOf } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { EnvironmentErrors } from './environment-errors.js';
import { HookJobs } from '../hooks/hook-jobs.js';
import { IngressRoutes } from '../ingress/ingress-routes.js';
import { Cleanup } from './cleanup.js';
import { RolloutSupersededError } from './supersede-check.js';
import { heldBy, type ReconcileContext } from './reconcile-context.js';
import { ProjectNetwork } from './project-network.js';
import { NodeLossCheck } from '../nodes/node-loss-check.js';
import { ResetHooks } from '../reset/reset-hooks.js';
import { Rollout } from '../rollout/rollout.js';
import { EnvironmentServices } from '../services/environment-services.js';
import { ProjectServices } from '../services/project-services.js';
import { PauseResume } from '../pause/pause-resume.js';

/** Delay between checks of containers that are still stopping; the worker does other jobs meanwhile. */
const STOP_CHECK_MS = 3_000;
/** The same for the network of an old version, while a command uses it. */
const NETWORK_CHECK_MS = 10_000;

/** Whether to plan another step right away. */
type Progress = 'again' | 'done';

/** Brings one environment to its desired state, step by step, while its lease is held. */
@Injectable()
export class EnvironmentReconciler {
  private readonly logger = new Logger(EnvironmentReconciler.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly environments: EnvironmentsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly backups: DatabaseBackupsRepository,
    private readonly holds: HeldRestartsRepository,
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
    private readonly losses: NodeLossCheck,
    private readonly errors: EnvironmentErrors,
  ) {}

  /** @param signal aborted when the lease is lost or the process stops */
  async converge(environmentId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    for (let progress: Progress = 'again'; progress === 'again';) {
      signal.throwIfAborted();
      const environment = await this.environments.find(environmentId);
      if (environment === null) return;
      const context = { environment, lease, signal };
      try {
        // Drain deadlines are based on the database's time.
        const now = (await this.unitOfWork.now()).getTime();
        const step = planEnvironment(await this.factsOf(environment, now), now);
        this.logger.debug(`${environmentId}: ${step.kind}`);
        progress = await this.runStep(step, context);
      } catch (error) {
        if (!signal.aborted) await this.errors.note(context, error);
        throw error;
      }
      const loss = progress === 'done' ? await this.losses.find(environment) : null;
      if (loss === null) await this.errors.clear(context);
      else await this.errors.note(context, loss);
    }
  }

  private runStep(step: EnvironmentStep, context: ReconcileContext): Promise<Progress> {
    switch (step.kind) {
      case 'nothing':
        return this.settle(context);
      case 'destroy':
        return this.destroy(context);
      case 'roll-out':
        return this.rollOut(context, step);
      case 'stop':
        return this.stop(context);
      case 'finish-pause':
        return this.finishPause(context);
      case 'resume':
        return this.resume(context, step);
      case 'reset':
        return this.reset(context);
      case 'run-hooks':
        return this.runHooks(context, step.deploymentId);
      case 'settle':
        return this.cleanUp(context, step);
    }
  }

  private async stop(context: ReconcileContext): Promise<Progress> {
    await this.pauseResume.stop(context);
    return 'again';
  }

  private async finishPause(context: ReconcileContext): Promise<Progress> {
    const hasStopped = await this.pauseResume.finishPause(context);
    return hasStopped ? 'again' : this.requeue(context.environment.id, STOP_CHECK_MS);
  }

  private async resume(
    context: ReconcileContext,
    { deploymentId, after }: Extract<EnvironmentStep, { kind: 'resume' }>,
  ): Promise<Progress> {
    if (!(await this.cleanup.haveStopped(context, ...after)))
      return this.requeue(context.environment.id, STOP_CHECK_MS);
    if (!(await this.pauseResume.begin(context))) return 'again';
    await this.pauseResume.resume(context, deploymentId);
    return 'again';
  }

  /** Resets the database. Records the backup before renaming, so that another worker can resume after a crash. */
  private async reset(context: ReconcileContext): Promise<Progress> {
    const { environment, lease } = context;
    const { id, databaseGeneration, observedDatabaseGeneration: backedUp, restoredGeneration } = environment;
    await this.backups.record(id, backedUp);
    faultPoint('reset.backup-recorded');
    // A hook that outlived its worker would otherwise run in the new database.
    await this.hooks.removeAll(context);
    await this.dropOldBackups(context);
    const swap = { backedUp, restored: restoredGeneration };
    await this.environmentServices.swapDatabase(context, swap);
    faultPoint('reset.database-swapped');
    const held = { ...heldBy(context), databaseGeneration, restoredGeneration };
    const recorded = await this.unitOfWork.run((transaction) => recordReset(transaction, held));
    faultPoint('reset.recorded');
    if (!recorded) await lease.guard();
    return 'again';
  }

  private async runHooks(context: ReconcileContext, deploymentId: string): Promise<Progress> {
    const deployment = await this.deployments.get(deploymentId);
    try {
      await this.resetHooks.run(context, deployment);
    } catch (error) {
      if (!(error instanceof RolloutSupersededError)) throw error;
    }
    return 'again';
  }

  private async rollOut(
    context: ReconcileContext,
    { deploymentId, after, remove }: Extract<EnvironmentStep, { kind: 'roll-out' }>,
  ): Promise<Progress> {
    // Pushes that follow one another quickly would otherwise keep the environment from ever settling.
    await this.cleanup.removeVersions(context, remove);
    const isRoom =
      (await this.cleanup.haveStopped(context, ...after)) &&
      (await this.cleanup.isRoomBeside(context, deploymentId));
    if (!isRoom) return this.requeue(context.environment.id, STOP_CHECK_MS);
    if (!(await this.pauseResume.begin(context))) return 'again';
    const deployment = await this.deployments.get(deploymentId);
    await this.rollout.run(context, deployment);
    return 'again';
  }

  private async cleanUp(
    context: ReconcileContext,
    step: Extract<EnvironmentStep, { kind: 'settle' }>,
  ): Promise<Progress> {
    const { environment, lease } = context;
    await lease.guard();
    await this.routes.publish(environment);
    await this.cleanup.removeVersions(context, step.remove);
    if (step.again !== null) return this.requeue(environment.id, step.again);
    faultPoint('rollout.old-service-removed');
    await this.hooks.removeAll(context);
    faultPoint('rollout.hooks-removed');
    const haveOldStopped = await this.cleanup.removeOldImages(context);
    if (!haveOldStopped) return this.requeue(environment.id, STOP_CHECK_MS);
    await this.releaseOldNetworks(context);
    faultPoint('rollout.tidied');
    if (environment.status === 'running') await this.dropOldBackups(context);
    if (['paused', 'failed'].includes(environment.status)) {
      // An app that is stopping still uses the project's services.
      if (!(await this.pauseResume.haveStopped(context))) return this.requeue(environment.id, STOP_CHECK_MS);
      await this.projectServices.stopIfUnused(environment.projectId, context.signal);
    }
    if (environment.status === 'paused') faultPoint('pause.rested');
    return this.settle(context);
  }

  /** Removes the networks of old versions. One that a command still uses is removed later. */
  private async releaseOldNetworks(context: ReconcileContext): Promise<void> {
    const { id, liveDeploymentId, desiredDeploymentId } = context.environment;
    const services = await this.services.listForEnvironment(id);
    const ids = [...services.map(({ deploymentId }) => deploymentId), liveDeploymentId, desiredDeploymentId];
    const needed = new Set(ids.filter((one) => one !== null));
    if (!(await this.network.releaseVersions(context, needed))) await this.requeue(id, NETWORK_CHECK_MS);
  }

  private async dropOldBackups(context: ReconcileContext): Promise<void> {
    const { environment } = context;
    for (const generation of await this.backups.findExpired(environment.id)) {
      await this.environmentServices.dropDatabase(context, generation);
      faultPoint('reset.expired-dropped');
      await this.backups.forget(environment.id, generation);
    }
  }

  private async destroy(context: ReconcileContext): Promise<Progress> {
    const { environment, lease, signal } = context;
    const { id, projectId, generation } = environment;
    await lease.guard();
    await this.routes.publish(environment);
    faultPoint('destroy.route-gone');
    const services = await this.services.listForEnvironment(id);
    const deploymentIds = services.map((service) => service.deploymentId);
    await this.cleanup.removeServices(context, deploymentIds);
    faultPoint('destroy.services-removed');
    // Leftover hook jobs hold its images too.
    await this.hooks.removeAll(context);
    faultPoint('destroy.hooks-removed');
    const hasStopped = await this.cleanup.haveStopped(context, { environmentId: id });
    if (!hasStopped) return this.requeue(id, STOP_CHECK_MS);
    await this.cleanup.removeAllImages(context);
    faultPoint('destroy.images-removed');
    if (!(await this.network.releaseVersions(context, new Set()))) return this.requeue(id, STOP_CHECK_MS);
    faultPoint('destroy.version-networks-removed');
    // The app of another environment that is being destroyed may still be stopping.
    if (!(await this.environmentServices.deprovision(context))) return this.requeue(id, STOP_CHECK_MS);
    if (!(await this.network.release(projectId, id, signal))) return this.requeue(id, STOP_CHECK_MS);
    faultPoint('destroy.network-released');
    const seen = { ...heldBy(context), generation };
    await this.unitOfWork.run((transaction) => recordDestroyed(transaction, seen));
    faultPoint('destroy.recorded');
    this.logger.log(`${id} was destroyed`);
    return 'done';
  }

  private async settle(context: ReconcileContext): Promise<Progress> {
    const { environment, lease } = context;
    const seen = { ...heldBy(context), generation: environment.generation };
    const settled = await this.unitOfWork.run((transaction) => settleEnvironment(transaction, seen));
    if (!settled) await lease.guard();
    return settled ? 'done' : 'again';
  }

  private async requeue(environmentId: string, afterMs: number): Promise<Progress> {
    await this.unitOfWork.run((transaction) => {
      transaction.enqueue(
        { queue: 'lifecycle', name: 'reconcile-environment', payload: { environmentId } },
        Math.ceil(afterMs) + 50,
      );
      return Promise.resolve();
    });
    return 'done';
  }

  private async factsOf(environment: EnvironmentEntity, now: number): Promise<EnvironmentFacts> {
    const services = await this.services.listForEnvironment(environment.id);
    const ids = services.map((service) => service.deploymentId);
    const { desiredDeploymentId, liveDeploymentId } = environment;
    const wanted = [desiredDeploymentId, liveDeploymentId].filter((id) => id !== null);
    const deployments = await this.deployments.findAll([...new Set([...ids, ...wanted])]);
    const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]));
    const live = byId.get(liveDeploymentId ?? '');
    const held = await this.holds.find(environment.id, liveDeploymentId ?? '');
    return {
      status: environment.status,
      desiredState: environment.desiredState,
      isResetting: environment.databaseGeneration > environment.observedDatabaseGeneration,
      areHooksDue: environment.hooksDue,
      hasFailed:
        environment.failedGeneration === environment.generation &&
        (environment.retryAt === null || environment.retryAt.getTime() > now),
      desired: byId.get(desiredDeploymentId ?? '') ?? null,
      liveDeploymentId,
      liveContainers: live === undefined ? [] : containersOf(live.settings).map(({ name }) => name),
      services: services.map(({ deploymentId, container, replicas }) => ({
        deploymentId,
        container,
        replicas,
        isHeld: deploymentId === liveDeploymentId && held.has(container),
        drainUntil: byId.get(deploymentId)?.drainUntil?.getTime() ?? null,
      })),
    };
  }
}
