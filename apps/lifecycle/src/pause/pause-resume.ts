import { faultPoint } from '@nexos/config';
import { type DeploymentEntity, type Transaction, UnitOfWork } from '@nexos/database';
import {
  DeploymentsRepository,
  HostnamesRepository,
  recordPaused,
  recordPausing,
  recordResumed,
  recordResuming,
  recordStartFailed,
} from '@nexos/state';
import { DeploymentFailure, diskFull, failureToStart } from '@nexos/domain';
import { DeploymentServices, EngineDiskFullError } from '@nexos/engine';
import { containersOf } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { AppStarter } from '../rollout/app-starter.js';
import { ContainersUp } from '../rollout/containers-up.js';
import { RestartNotices } from '../ingress/restart-notices.js';
import { IngressRoutes, type RelaysOfServices } from '../ingress/ingress-routes.js';
import { Cleanup } from '../reconcile/cleanup.js';
import { EnvironmentErrors } from '../reconcile/environment-errors.js';
import { RolloutSupersededError } from '../reconcile/supersede-check.js';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { LastOutput, type StoppingContainer } from '../runtime-logs/last-output.js';

/** Pauses and resumes environments by scaling their services to zero and back, without a build. */
@Injectable()
export class PauseResume {
  private readonly logger = new Logger(PauseResume.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsRepository,
    private readonly hostnames: HostnamesRepository,
    private readonly services: DeploymentServices,
    private readonly up: ContainersUp,
    private readonly routes: IngressRoutes,
    private readonly starter: AppStarter,
    private readonly cleanup: Cleanup,
    private readonly output: LastOutput,
    private readonly errors: EnvironmentErrors,
    private readonly notices: RestartNotices,
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
    const isPausing = await this.routes.whileChanging(
      environment,
      (transaction) => recordPausing(transaction, heldBy(context)),
      { point: 'pause.route-gone' },
    );
    faultPoint('pause.begun');
    if (!isPausing) return lease.guard();
    await this.followOutput(context);
    for (const { name, replicas } of await this.services.listForEnvironment(environment.id)) {
      if (replicas > 0) await this.services.scale(name, 0, lease.guard);
      await this.notices.withdraw(name);
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
    // Everything was kept before it was recorded as paused.
    if (environment.status === 'paused') return true;
    for (const live of await this.liveContainers(context)) await this.output.finish(live, signal);
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
   * Starts the version that was live, or those of its containers that are missing. If it does not become healthy, stops it
   * again and records why, so that nothing keeps crashing unseen; but leaves alone what runs and serves.
   */
  async resume(context: ReconcileContext, deploymentId: string): Promise<void> {
    const { environment } = context;
    const deployment = await this.deployments.get(deploymentId);
    const isServing = environment.status === 'running' && (await this.runs(context, deploymentId));
    let relays: RelaysOfServices;
    try {
      relays = await this.start(context, deployment);
    } catch (error) {
      // The next reconcile finds out what is wanted now.
      if (error instanceof RolloutSupersededError) return;
      if (isServing) throw error;
      if (error instanceof EngineDiskFullError)
        return this.fail(context, deployment, diskFull(error, 'container engine'));
      if (!(error instanceof DeploymentFailure)) throw error;
      return this.fail(context, deployment, error);
    }
    faultPoint('resume.healthy');
    const resumed = (transaction: Transaction) => recordResumed(transaction, heldBy(context));
    await this.routes.whileChanging(environment, resumed, { relays, point: 'resume.route-set' });
    faultPoint('resume.recorded');
  }

  private async start(context: ReconcileContext, deployment: DeploymentEntity): Promise<RelaysOfServices> {
    const hostnames = await this.hostnames.ofEnvironment(context.environment.id);
    return this.starter.restart(context, deployment, (start) =>
      this.up.bringUp(context, deployment, hostnames, async (container) => {
        await start(container);
        const { id: deploymentId, moves } = deployment;
        await this.notices.withdraw(this.services.nameOf({ deploymentId, moves, index: container.index }));
        faultPoint('resume.started');
      }),
    );
  }

  private async runs({ environment }: ReconcileContext, deploymentId: string): Promise<boolean> {
    const services = await this.services.listForEnvironment(environment.id);
    return services.some((service) => service.deploymentId === deploymentId && service.replicas > 0);
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
    const isRecorded = await this.routes.whileChanging(
      environment,
      (transaction) => recordStartFailed(transaction, environment, lease.epoch, failure),
      { point: 'resume.failed-route-gone' },
    );
    faultPoint('resume.failed');
    if (!isRecorded) return lease.guard();
    this.logger.warn(`${environment.id} did not start, ${failure.code}: ${failure.message}`);
  }

  private async followOutput(context: ReconcileContext): Promise<void> {
    const containers = await this.liveContainers(context);
    await Promise.all(containers.map((container) => this.output.follow(container, context.signal)));
  }

  private async liveContainers({ environment }: ReconcileContext): Promise<StoppingContainer[]> {
    const { liveDeploymentId: deploymentId, projectId } = environment;
    if (deploymentId === null) return [];
    const { settings } = await this.deployments.get(deploymentId);
    return containersOf(settings).map(({ name: container }) => ({ deploymentId, projectId, container }));
  }
}
