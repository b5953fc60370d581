import { faultPoint } from '@nexos/config';
import { type DeploymentEntity } from '@nexos/database';
import { EnvironmentDatabasesRepository, NodeRemovalsRepository } from '@nexos/state';
import { settleAll, DeploymentFailure, isDiskFull, type ServiceKind } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { Injectable, Logger } from '@nestjs/common';
import { ContainerVariables } from './container-variables.js';
import { HookJobs } from '../hooks/hook-jobs.js';
import { ProjectNetwork } from '../reconcile/project-network.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { EnvironmentServices } from '../services/environment-services.js';
import { ServiceRecipes } from '../services/service-recipes.js';

const IMAGE_LEAVES =
  'The only image of this version is on a node that is being or has been removed. Deploy again to rebuild it on another node.';

/** The variables of an app's services, and the failure of one that did not come up. */
interface ProvidedServices {
  readonly env: Record<string, string>;
  readonly missing: DeploymentFailure | null;
}

/** Starts everything that a version needs, in order: network, services, hooks, and then its own container. */
@Injectable()
export class AppStarter {
  private readonly logger = new Logger(AppStarter.name);

  constructor(
    private readonly databases: EnvironmentDatabasesRepository,
    private readonly nodeRemovals: NodeRemovalsRepository,
    private readonly network: ProjectNetwork,
    private readonly recipes: ServiceRecipes,
    private readonly environmentServices: EnvironmentServices,
    private readonly containerVariables: ContainerVariables,
    private readonly hooks: HookJobs,
    private readonly services: DeploymentServices,
  ) {}

  /**
   * Starts a version without waiting for it to become healthy.
   *
   * @throws {DeploymentFailure} when something that it needs does not come up, or a hook fails
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  async start(context: DeploymentContext, variables: DecryptedVariables): Promise<void> {
    const { deployment, log } = context;
    const { imageId } = deployment;
    if (imageId === null) {
      throw new DeploymentFailure('image_missing', 'This version has no image. Deploy again to build one.');
    }
    if (deployment.trigger === 'rollback') {
      log.note(`rolling back to ${deployment.commitSha?.slice(0, 12) ?? imageId} without a build`);
    }
    await this.assertNodeStays(deployment);
    const env = await this.prepare(context, variables);
    log.note('starting');
    await this.create(context, deployment, env);
  }

  /**
   * Restarts the container of a version that was live before, without its hooks. While the project's services run,
   * starts it without waiting for checks of its network and services, and leaves it running if those fail. Recreates
   * its Swarm service if someone else removed that.
   *
   * @returns the failure of a service that did not come up, which the app may not need or wait for; null if all did
   * @throws {DeploymentFailure} when something else that it needs does not come up; with `secrets_unreadable`, nothing
   *   starts
   */
  async restart(context: ReconcileContext, deployment: DeploymentEntity): Promise<DeploymentFailure | null> {
    const { environment, lease } = context;
    await this.assertNodeStays(deployment);
    const kinds = this.recipes.wanted(deployment.settings.services);
    const variables = await this.containerVariables.open(environment, deployment);
    if (!(variables instanceof DecryptedVariables)) throw variables;
    const areUp = await this.environmentServices.areUp(environment.projectId, kinds);
    const [{ env: services, missing }, isStarted] = await settleAll([
      this.prepareRestart(context, kinds),
      areUp && this.services.resume(deployment, lease.guard),
    ]);
    if (isStarted) return missing;
    const env = this.containerVariables.environmentOf(environment, deployment, variables, services);
    await this.create(context, deployment, env);
    return missing;
  }

  /**
   * Prepares a version's network and services, and runs its hooks. For a new environment or database, restores the seed
   * before `on_deploy` and runs `on_new` after it.
   *
   * @returns the variables of its containers
   */
  async prepare(context: DeploymentContext, variables: DecryptedVariables): Promise<Record<string, string>> {
    const { environment, deployment, lease } = context;
    await this.network.prepare(environment.projectId, context.signal);
    faultPoint('rollout.network-prepared');
    const services = await this.provideServices(context);
    const env = this.containerVariables.environmentOf(environment, deployment, variables, services);
    const occasion = await this.hooks.occasionOf(environment);
    const hookContext = { ...context, env, occasion };
    await this.hooks.removeOthers(hookContext);
    const isNew = await this.databases.isNew(environment.id);
    if (isNew) await this.hooks.restoreSeed(hookContext);
    await this.hooks.run('on_deploy', hookContext);
    if (isNew) {
      await this.hooks.run('on_new', hookContext);
      if (!(await this.databases.recordInitialised(heldBy(context)))) await lease.guard();
      faultPoint('rollout.hooks-recorded');
    }
    return env;
  }

  /** @throws {DeploymentFailure} when the only image is on a node that is being or has been removed */
  private async assertNodeStays({ imageNodeId }: DeploymentEntity): Promise<void> {
    if (imageNodeId === null || !(await this.nodeRemovals.isLeaving(imageNodeId))) return;
    throw new DeploymentFailure('image_missing', IMAGE_LEAVES);
  }

  /** Creates the app's Swarm service, or scales up an existing one. */
  private async create(
    { environment, lease }: ReconcileContext,
    { id: deploymentId, imageId, imageNodeId, moves, settings }: DeploymentEntity,
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (imageId === null) {
      throw new DeploymentFailure('image_missing', 'This version has no image. Deploy again to build one.');
    }
    await this.services.create(
      {
        projectId: environment.projectId,
        environmentId: environment.id,
        deploymentId,
        moves,
        image: imageId,
        env,
        port: settings.port,
        cpu: settings.cpu,
        memoryMb: settings.memory_mb,
        stopGraceSeconds: settings.stop_grace_seconds,
        ...(imageNodeId === null ? {} : { nodeId: imageNodeId }),
      },
      lease.guard,
    );
  }

  private async prepareRestart(
    context: ReconcileContext,
    kinds: readonly ServiceKind[],
  ): Promise<ProvidedServices> {
    await this.network.prepare(context.environment.projectId, context.signal);
    return this.provideAgain(context, kinds);
  }

  /** Provides services, but lets the app start without those that do not come up; it may not need them, or may wait. */
  private async provideAgain(
    context: ReconcileContext,
    kinds: readonly ServiceKind[],
  ): Promise<ProvidedServices> {
    const { environment } = context;
    try {
      return { env: await this.environmentServices.provide(context, kinds), missing: null };
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      if (!['service_not_ready', 'no_capacity'].includes(error.code) && !isDiskFull(error)) throw error;
      this.logger.warn(`${environment.id} starts although a service is not ready: ${error.message}`);
      return { env: await this.environmentServices.variables(environment, kinds), missing: error };
    }
  }

  private async provideServices(context: DeploymentContext): Promise<Record<string, string>> {
    const { deployment, log } = context;
    const kinds = this.recipes.wanted(deployment.settings.services);
    if (kinds.length === 0) return {};
    const started = Date.now();
    log.note(`services: ${kinds.join(', ')}`);
    const variables = await this.environmentServices.provide(context, kinds);
    log.note(`services ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return variables;
  }
}
