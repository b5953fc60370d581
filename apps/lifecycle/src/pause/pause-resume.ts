import { EngineConfig, faultPoint } from '@nexos/config';
import { type DeploymentEntity, UnitOfWork } from '@nexos/database';
import {
  DeploymentsRepository,
  recordPaused,
  recordPausing,
  recordResumed,
  recordResuming,
  recordStartFailed,
  RoutesRepository,
} from '@nexos/state';
import { DeploymentFailure, diskFull, failureToStart } from '@nexos/domain';
import { DeploymentServices, EngineDiskFullError, serviceName } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { AppStarter } from '../rollout/app-starter.js';
import { HealthWait } from '../rollout/health-wait.js';
import { IngressRoutes } from '../ingress/ingress-routes.js';
import { Cleanup } from '../reconcile/cleanup.js';
import { EnvironmentErrors } from '../reconcile/environment-errors.js';
import { RolloutSupersededError } from '../reconcile/supersede-check.js';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { LastOutput } from '../runtime-logs/last-output.js';

/** Pauses and resumes environments by scaling their services to zero and back, without a build. */
@Injectable()
export class PauseResume {
  private readonly logger = new Logger(PauseResume.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsRepository,
    private readonly hostRoutes: RoutesRepository,
    private readonly services: DeploymentServices,
    private readonly health: HealthWait,
    private readonly routes: IngressRoutes,
    private readonly engineConfig: EngineConfig,
    private readonly starter: AppStarter,
    private readonly cleanup: Cleanup,
    private readonly output: LastOutput,
    private readonly errors: EnvironmentErrors,
  ) {}

  /**
   * Tells every container of an environment to stop. Removes the route first, so that visitors see the paused page
   * before anything stops; another worker resumes after a crash. Stops nothing if the environment should no longer be
   * paused; the next reconcile decides.
   *
   * @throws {LeaseLostError} when another worker may have taken over
   */
  async stop(context: ReconcileContext): Promise<void> {
    const { environment, lease } = context;
    const isPausing = await this.hostRoutes.whileLocked(async (transaction) => {
      if (!(await recordPausing(transaction, heldBy(context)))) return false;
      await this.routes.remove(environment.hostname);
      faultPoint('pause.route-gone');
      return true;
    });
    faultPoint('pause.begun');
    if (!isPausing) return lease.guard();
    await this.followOutput(context);
    for (const { name, replicas } of await this.services.listForEnvironment(environment.id)) {
      if (replicas > 0) await this.services.scale(name, 0, lease.guard);
    }
    faultPoint('pause.scaled');
  }

  /**
   * Records that the environment is paused, once its last container has stopped.
   *
   * @returns false when one still runs; call again later
   * @throws {LeaseLostError} when another worker may have taken over
   */
  async finishPause(context: ReconcileContext): Promise<boolean> {
    if (!(await this.haveStopped(context))) return false;
    faultPoint('pause.stopped');
    const isPaused = await this.unitOfWork.run((transaction) => recordPaused(transaction, heldBy(context)));
    faultPoint('pause.recorded');
    if (!isPaused) await context.lease.guard();
    return true;
  }

  /**
   * Waits up to a second for every container of the environment to stop, and keeps what the live version writes until
   * then.
   *
   * @returns false when one still runs; call again later
   */
  async haveStopped(context: ReconcileContext): Promise<boolean> {
    const { environment, signal } = context;
    if (!(await this.cleanup.haveStopped(context, { environmentId: environment.id }))) {
      await this.followOutput(context);
      return false;
    }
    const live = liveOf(context);
    // Everything was kept before it was recorded as paused.
    if (live !== null && environment.status !== 'paused') await this.output.finish(live, signal);
    return true;
  }

  /**
   * Records that something is about to start in an environment that was paused.
   *
   * @returns false when it should no longer run; the next reconcile decides
   * @throws {LeaseLostError} when another worker may have taken over
   */
  async begin(context: ReconcileContext): Promise<boolean> {
    if (!['pausing', 'paused'].includes(context.environment.status)) return true;
    const isResuming = await this.unitOfWork.run((transaction) =>
      recordResuming(transaction, heldBy(context)),
    );
    faultPoint('resume.begun');
    if (!isResuming) await context.lease.guard();
    return isResuming;
  }

  /**
   * Starts the version that was live. If it does not become healthy, stops it again and records why, so that nothing
   * keeps crashing unseen.
   */
  async resume(context: ReconcileContext, deploymentId: string): Promise<void> {
    const { environment } = context;
    const deployment = await this.deployments.get(deploymentId);
    try {
      await this.start(context, deployment);
    } catch (error) {
      // The next reconcile finds out what is wanted now.
      if (error instanceof RolloutSupersededError) return;
      if (error instanceof EngineDiskFullError)
        return this.fail(context, deployment, diskFull(error, 'container engine'));
      if (!(error instanceof DeploymentFailure)) throw error;
      return this.fail(context, deployment, error);
    }
    faultPoint('resume.healthy');
    const { moves } = deployment;
    const { port, request_timeout_seconds: requestTimeoutSeconds } = deployment.settings;
    await this.hostRoutes.whileLocked(async (transaction) => {
      if (!(await recordResumed(transaction, heldBy(context)))) return;
      const { hostname } = environment;
      await this.routes.set({ hostname, deploymentId, moves, port, requestTimeoutSeconds });
      faultPoint('resume.route-set');
    });
    faultPoint('resume.recorded');
  }

  private async start(context: ReconcileContext, deployment: DeploymentEntity): Promise<void> {
    const missingService = await this.starter.restart(context, deployment);
    faultPoint('resume.started');
    try {
      await this.health.untilHealthy(context, deployment, this.serviceOf(deployment));
    } catch (error) {
      // The app most likely fails for want of the service.
      if (error instanceof DeploymentFailure && missingService !== null) throw missingService;
      throw error;
    }
  }

  private async fail(
    context: ReconcileContext,
    deployment: DeploymentEntity,
    cause: DeploymentFailure,
  ): Promise<void> {
    const { environment, lease } = context;
    await this.followOutput(context);
    for (const { name, replicas, deploymentId } of await this.services.listForEnvironment(environment.id)) {
      if (deploymentId === deployment.id && replicas > 0) await this.services.scale(name, 0, lease.guard);
    }
    faultPoint('resume.stopped');
    const failure = await this.errors.redact(context, failureToStart(cause));
    const isRecorded = await this.hostRoutes.whileLocked(async (transaction) => {
      if (!(await recordStartFailed(transaction, environment, lease.epoch, failure))) return false;
      await this.routes.remove(environment.hostname);
      faultPoint('resume.failed-route-gone');
      return true;
    });
    faultPoint('resume.failed');
    if (!isRecorded) return lease.guard();
    this.logger.warn(`${environment.id} did not start, ${failure.code}: ${failure.message}`);
  }

  private async followOutput(context: ReconcileContext): Promise<void> {
    const live = liveOf(context);
    if (live !== null) await this.output.follow(live, context.signal);
  }

  private serviceOf(deployment: DeploymentEntity): string {
    return serviceName(this.engineConfig.instance, deployment.id, deployment.moves);
  }
}

function liveOf({ environment: { liveDeploymentId: deploymentId, projectId } }: ReconcileContext) {
  return deploymentId === null ? null : { deploymentId, projectId };
}
