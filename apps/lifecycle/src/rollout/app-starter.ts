import { faultPoint } from '@nexos/config';
import { type DeploymentEntity } from '@nexos/database';
import { EnvironmentDatabasesRepository, NodeRemovalsRepository } from '@nexos/state';
import { settleAll, DeploymentFailure, isDiskFull } from '@nexos/domain';
import { type Container, containersOf, type DeploymentSettings } from '@nexos/settings';
import { DeploymentServices } from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { Injectable, Logger } from '@nestjs/common';
import { AppCapacity, type KeptRoom } from './app-capacity.js';
import { imageOf } from './container-image.js';
import { ContainerVariables } from './container-variables.js';
import type { StartContainer } from './containers-up.js';
import { OldContainers } from './old-containers.js';
import { type HookContext, HookJobs } from '../hooks/hook-jobs.js';
import { isRetryForRoom } from '../reconcile/is-retry-for-room.js';
import { ProjectNetwork } from '../reconcile/project-network.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { EnvironmentServices } from '../services/environment-services.js';
import { ServiceRecipes } from '../services/service-recipes.js';
import { ServiceRoom } from '../services/service-room.js';

const IMAGE_LEAVES =
  'The only image of this version is on a node that is being or has been removed. Deploy again to rebuild it on another node.';

/** The variables of an app's services, and the failure of one that did not come up. */
interface ProvidedServices {
  readonly env: Record<string, string>;
  readonly missing: DeploymentFailure | null;
}

/** Brings the containers of a version up with what starts one of them. */
export type BringUp<T> = (start: StartContainer) => Promise<T>;

type VariablesOf = (container: Container) => Record<string, string>;

/** Starts everything that a version needs, in order: network, services, hooks, and then its own containers. */
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
    private readonly old: OldContainers,
    private readonly capacity: AppCapacity,
    private readonly serviceRoom: ServiceRoom,
  ) {}

  /**
   * Prepares everything that the containers of a version need, runs its hooks, and brings the containers up.
   *
   * @throws {DeploymentFailure} when something that it needs does not come up, or a hook fails
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  async start<T>(context: DeploymentContext, variables: DecryptedVariables, bringUp: BringUp<T>): Promise<T> {
    const { environment, deployment, lease, log } = context;
    const { imageId } = deployment;
    if (imageId === null) {
      throw new DeploymentFailure('image_missing', 'This version has no image. Deploy again to build one.');
    }
    if (deployment.trigger === 'rollback') {
      log.note(`rolling back to ${deployment.commitSha?.slice(0, 12) ?? imageId} without a build`);
    }
    await this.assertNodeStays(deployment);
    const how = mayRunHooks(deployment) ? 'must-fit' : 'wait';
    return this.capacity.keepFor(context, deployment, async (room) => {
      const variablesOf = await this.prepare(context, variables, () => room.take(how));
      if (environment.hooksDue && !(await this.databases.recordHooksRan(heldBy(context))))
        await lease.guard();
      await this.network.prepareVersion(context, deployment);
      log.note('starting');
      return bringUp(async (container) => {
        if (!container.overlap) await this.old.stop(context, deployment, container);
        await this.create(context, deployment, container, variablesOf);
        await room.started(container);
      });
    });
  }

  /**
   * Brings up a version that was live before, without its hooks. While the project's services run, its containers start
   * without waiting for checks of those, and keep running if those fail. Recreates Swarm services that someone else
   * removed.
   *
   * @throws {DeploymentFailure} when it does not come up, or something else that it needs; with `secrets_unreadable`,
   *   nothing starts
   */
  async restart<T>(context: ReconcileContext, deployment: DeploymentEntity, bringUp: BringUp<T>): Promise<T> {
    const { environment, lease } = context;
    await this.assertNodeStays(deployment);
    const wanted = deployment.settings.services;
    const kinds = this.recipes.wanted(wanted);
    const variables = await this.containerVariables.open(environment, deployment);
    if (!(variables instanceof DecryptedVariables)) throw variables;
    await this.serviceRoom.lookBeforeRetry(environment, wanted);
    const isRetry = isRetryForRoom(environment);
    // A service that waited for room may have started only now.
    const areUp = !isRetry && (await this.environmentServices.areUp(environment.projectId, kinds));
    const { id: deploymentId, moves, imageNodeId } = deployment;
    await this.network.prepare(environment.projectId, context.signal);
    await this.network.prepareVersion(context, deployment);
    let providing: Promise<ProvidedServices> | null = null;
    const provided = () => (providing ??= this.provideAgain(context, wanted));
    const start = async (container: Container, room: KeptRoom) => {
      const { index } = container;
      // That of a version that was cancelled may still run.
      if (!container.overlap) await this.old.stop(context, deployment, container);
      const stopped = { deploymentId, moves, index, ...(imageNodeId !== null && { nodeId: imageNodeId }) };
      const [{ env: services }, isStarted] = await settleAll([
        provided(),
        areUp && this.services.restart(stopped, lease.guard),
      ]);
      if (!isStarted) {
        await this.create(context, deployment, container, (one) =>
          this.containerVariables.environmentOf(environment, deployment, variables, services, one),
        );
      }
      await room.started(container);
    };
    return this.capacity.keepFor(context, deployment, async (room) => {
      // A worker that waited for room in each of many attempts would keep others waiting.
      await room.take(isRetry ? 'at-once' : 'wait');
      try {
        return await bringUp((container) => start(container, room));
      } catch (error) {
        if (!(error instanceof DeploymentFailure)) throw error;
        // It most likely fails for want of the service.
        throw (await provided()).missing ?? error;
      }
    });
  }

  /**
   * Prepares a version's network and services, and runs its hooks.
   *
   * @param beforeHooks called once the services run, which need room themselves
   * @returns the variables of each of its containers
   */
  async prepare(
    context: DeploymentContext,
    variables: DecryptedVariables,
    beforeHooks: () => Promise<void> = () => Promise.resolve(),
  ): Promise<VariablesOf> {
    const { environment, deployment, log } = context;
    await this.network.prepare(environment.projectId, context.signal);
    faultPoint('rollout.network-prepared');
    const services = await this.provideServices(context);
    const variablesOf = (container: Container) =>
      this.containerVariables.environmentOf(environment, deployment, variables, services, container);
    const containers = containersOf(deployment.settings);
    const [env] = containers.map((container) => {
      const own = variablesOf(container);
      log.redactAlso(variables.expandedSecrets(environment.branch, own));
      return own;
    });
    const occasion = await this.hooks.occasionOf(environment);
    const hookContext = { ...context, env: env ?? {}, occasion };
    await this.hooks.removeOthers(hookContext);
    await beforeHooks();
    await this.runHooks(hookContext);
    return variablesOf;
  }

  /**
   * Restores the seed before `on_deploy` and runs `on_new` after it, unless the environment's database has had one. A
   * rollback runs only `on_rollback`, because the database already has a later version's schema; after a reset it has
   * none, so that the hooks are due.
   */
  private async runHooks(context: HookContext): Promise<void> {
    const { environment, deployment, lease } = context;
    if (deployment.trigger === 'rollback' && !environment.hooksDue) {
      await this.hooks.run('on_rollback', context);
      return;
    }
    const held = heldBy(context);
    const isSeedDue = await this.databases.isSeedDue(environment.id);
    if (isSeedDue && (await this.hooks.restoreSeed(context))) {
      if (!(await this.databases.recordRan(held, 'seed'))) await lease.guard();
    }
    await this.hooks.run('on_deploy', context);
    const isNew = await this.databases.isNew(environment.id);
    if (isNew && (await this.hooks.run('on_new', context))) {
      if (!(await this.databases.recordRan(held, 'on_new'))) await lease.guard();
      faultPoint('rollout.hooks-recorded');
    }
  }

  /** @throws {DeploymentFailure} when the only image is on a node that is being or has been removed */
  private async assertNodeStays({ imageNodeId }: DeploymentEntity): Promise<void> {
    if (imageNodeId === null || !(await this.nodeRemovals.isLeaving(imageNodeId))) return;
    throw new DeploymentFailure('image_missing', IMAGE_LEAVES);
  }

  /** Creates a container's Swarm service, or scales up an existing one. */
  private async create(
    { environment, lease }: ReconcileContext,
    deployment: DeploymentEntity,
    container: Container,
    variablesOf: VariablesOf,
  ): Promise<void> {
    const { id: deploymentId, imageNodeId, moves, settings } = deployment;
    const { name, index, command, cpu, memory_mb: memoryMb } = container;
    const image = imageOf(deployment, container);
    if (image === null) {
      throw new DeploymentFailure('image_missing', 'This version has no image. Deploy again to build one.');
    }
    await this.services.create(
      {
        projectId: environment.projectId,
        environmentId: environment.id,
        deploymentId,
        moves,
        container: name,
        index,
        hasSiblings: settings.containers.length > 0,
        image,
        ...(command !== null && { command }),
        env: variablesOf(container),
        cpu,
        memoryMb,
        stopGraceSeconds: settings.stop_grace_seconds,
        init: container.init,
        ...(imageNodeId === null ? {} : { nodeId: imageNodeId }),
      },
      lease.guard,
    );
  }

  /** Provides services, but lets the app start without those that do not come up; it may not need them, or may wait. */
  private async provideAgain(
    context: ReconcileContext,
    wanted: DeploymentSettings['services'],
  ): Promise<ProvidedServices> {
    const { environment } = context;
    try {
      return { env: await this.environmentServices.provide(context, wanted), missing: null };
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      if (!['service_not_ready', 'no_capacity'].includes(error.code) && !isDiskFull(error)) throw error;
      this.logger.warn(`${environment.id} starts although a service is not ready: ${error.message}`);
      const kinds = this.recipes.wanted(wanted);
      return { env: await this.environmentServices.variables(environment, kinds), missing: error };
    }
  }

  private async provideServices(context: DeploymentContext): Promise<Record<string, string>> {
    const { deployment, log } = context;
    const kinds = this.recipes.wanted(deployment.settings.services);
    if (kinds.length === 0) return {};
    const started = Date.now();
    log.note(`services: ${kinds.join(', ')}`);
    const variables = await this.environmentServices.provide(context, deployment.settings.services);
    log.note(`services ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return variables;
  }
}

function mayRunHooks({ seedImageId, settings: { hooks } }: DeploymentEntity): boolean {
  const commands = [hooks.on_deploy, hooks.on_new, hooks.on_rollback];
  return seedImageId !== null || commands.some((command) => command !== null);
}
