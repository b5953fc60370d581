import { EngineConfig, faultPoint } from '@nexos/config';
import { DeploymentsRepository, recordPaused, recordResumed, RoutesRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { DeploymentServices, serviceName } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { AppStarter } from '../rollout/app-starter.js';
import { HealthWait } from '../rollout/health-wait.js';
import { IngressRoutes } from '../ingress/ingress-routes.js';
import { RolloutSupersededError } from '../reconcile/supersede-check.js';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';

/** Pauses and resumes environments by scaling their services to zero and back, without a build. */
@Injectable()
export class PauseResume {
  private readonly logger = new Logger(PauseResume.name);

  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly hostRoutes: RoutesRepository,
    private readonly services: DeploymentServices,
    private readonly health: HealthWait,
    private readonly routes: IngressRoutes,
    private readonly engineConfig: EngineConfig,
    private readonly starter: AppStarter,
  ) {}

  /**
   * Pauses an environment. Removes the route first, so that visitors see the paused page before anything stops; another
   * worker resumes after a crash. Stops nothing if the environment should no longer be paused; the next reconcile
   * decides.
   *
   * @throws {LeaseLostError} when another worker may have taken over
   */
  async pause(context: ReconcileContext): Promise<void> {
    const { environment, lease } = context;
    const isPaused = await this.hostRoutes.whileLocked(async (transaction) => {
      if (!(await recordPaused(transaction, heldBy(context)))) return false;
      await this.routes.remove(environment.hostname);
      faultPoint('pause.route-gone');
      return true;
    });
    faultPoint('pause.recorded');
    if (!isPaused) return lease.guard();
    for (const { name, replicas } of await this.services.listForEnvironment(environment.id)) {
      if (replicas > 0) await this.services.scale(name, 0, lease.guard);
    }
    faultPoint('pause.scaled');
  }

  /**
   * Starts the version that was live. Restores its route even when it does not become healthy: it was asked for, and
   * the engine keeps restarting it.
   */
  async resume(context: ReconcileContext, deploymentId: string): Promise<void> {
    const { environment } = context;
    const deployment = await this.deployments.get(deploymentId);
    const service = serviceName(this.engineConfig.instance, deploymentId, deployment.moves);
    await this.starter.restart(context, deployment);
    faultPoint('resume.started');
    try {
      await this.health.untilHealthy(context, deployment, service);
    } catch (error) {
      // The next reconcile finds out what is wanted now.
      if (error instanceof RolloutSupersededError) return;
      if (!(error instanceof DeploymentFailure)) throw error;
      this.logger.warn(`${environment.id} was resumed but does not answer: ${error.message}`);
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
}
