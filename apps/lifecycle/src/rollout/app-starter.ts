import { type LogWriter } from '@nexos/logs';
import { faultPoint } from '@nexos/config';
import { type DeploymentEntity, type EnvironmentEntity, type Lease, UnitOfWork } from '@nexos/database';
import { isNewEnvironment, recordInitialised } from '@nexos/state';
import { allEnded, DeploymentFailure, isDiskFull, type ServiceKind } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import { OpenVariables } from '@nexos/env-vars';
import { Injectable, Logger } from '@nestjs/common';
import { AppSettings } from './app-settings.js';
import { HookJobs } from '../hooks/hook-jobs.js';
import { ProjectNetwork } from '../reconcile/project-network.js';
import { EnvironmentServices, type ServiceWork } from '../services/environment-services.js';
import { ServiceRecipes } from '../services/service-recipes.js';

const STOP_GRACE_SECONDS = 10;

/** What a worker works with that starts something of a deployment. */
export interface StartWork {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly log: LogWriter;
}

/** Brings up all that a version needs, in order: network, services, hooks, and then its own container. */
@Injectable()
export class AppStarter {
  private readonly logger = new Logger(AppStarter.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly network: ProjectNetwork,
    private readonly recipes: ServiceRecipes,
    private readonly environmentServices: EnvironmentServices,
    private readonly settings: AppSettings,
    private readonly hooks: HookJobs,
    private readonly services: DeploymentServices,
  ) {}

  /**
   * Starts a version; it need not answer yet.
   *
   * @throws {DeploymentFailure} when something that it needs does not come up, or a hook fails
   * @throws {RolloutOvertakenError} when something else is wanted meanwhile
   */
  async start(
    environment: EnvironmentEntity,
    deployment: DeploymentEntity,
    variables: OpenVariables,
    work: StartWork,
  ): Promise<void> {
    const { imageId } = deployment;
    if (imageId === null) {
      throw new DeploymentFailure('image_missing', 'There is no image. Deploy again to build it.');
    }
    if (deployment.trigger === 'rollback') {
      work.log.say(`rolling back to ${deployment.commitSha?.slice(0, 12) ?? imageId}: nothing is built`);
    }
    const env = await this.prepare(environment, deployment, variables, work);
    work.log.say('starting');
    await this.create(environment, deployment, env, work.lease);
  }

  /**
   * Starts the container of a version that was live before: what ran once needs no hook. While the services that it uses
   * run, it does not wait until they, and its network, have been looked after; where that fails, it runs on. A service of
   * its own that was taken away behind our back is made anew.
   *
   * @throws {DeploymentFailure} when something that it needs does not come up; `secrets_unreadable`: nothing is started
   */
  async startAgain(
    environment: EnvironmentEntity,
    deployment: DeploymentEntity,
    work: ServiceWork,
  ): Promise<void> {
    const { guard } = work.lease;
    const kinds = this.recipes.wanted(deployment.spec.services);
    const variables = await this.settings.open(environment, deployment);
    if (!(variables instanceof OpenVariables)) throw variables;
    const areUp = await this.environmentServices.areUp(environment.projectId, kinds);
    const [services, isStarted] = await allEnded([
      this.surroundAgain(environment, kinds, work),
      areUp && this.services.startAgain(deployment.id, guard),
    ]);
    if (isStarted) return;
    const env = this.settings.environmentOf(environment, deployment, variables, services);
    await this.create(environment, deployment, env, work.lease);
  }

  /**
   * Makes the surroundings of a version ready and runs its hooks: `on_deploy`, and where the environment, or its
   * database, is new, the restoring of its dump before and `on_new` after it.
   *
   * @returns the variables of its containers
   */
  async prepare(
    environment: EnvironmentEntity,
    deployment: DeploymentEntity,
    variables: OpenVariables,
    work: StartWork,
  ): Promise<Record<string, string>> {
    await this.network.prepare(environment.projectId, work.signal);
    faultPoint('rollout.ground-prepared');
    const services = await this.provideServices(environment, deployment, work);
    const env = this.settings.environmentOf(environment, deployment, variables, services);
    const occasion = await this.hooks.occasionOf(environment);
    const order = { environment, deployment, env, occasion, ...work };
    await this.hooks.removeOthers(order);
    const { manager } = this.unitOfWork;
    const isNew = await isNewEnvironment(manager, environment.id);
    if (isNew) await this.hooks.restoreSeed(order);
    await this.hooks.run('on_deploy', order);
    if (isNew) {
      await this.hooks.run('on_new', order);
      const held = { environmentId: environment.id, epoch: work.lease.epoch };
      if (!(await recordInitialised(manager, held))) await work.lease.guard();
      faultPoint('rollout.hooks-recorded');
    }
    return env;
  }

  /** One that is there already is started, where it was scaled to nothing. */
  private async create(
    environment: EnvironmentEntity,
    { id: deploymentId, imageId, imageNodeId, spec }: DeploymentEntity,
    env: Readonly<Record<string, string>>,
    lease: Lease,
  ): Promise<void> {
    if (imageId === null) {
      throw new DeploymentFailure('image_missing', 'There is no image. Deploy again to build it.');
    }
    await this.services.create(
      {
        projectId: environment.projectId,
        environmentId: environment.id,
        deploymentId,
        image: imageId,
        env,
        port: spec.port,
        cpu: spec.cpu,
        memoryMb: spec.memory_mb,
        stopGraceSeconds: STOP_GRACE_SECONDS,
        ...(imageNodeId === null ? {} : { nodeId: imageNodeId }),
      },
      lease.guard,
    );
  }

  /** @returns what the app is told of its services */
  private async surroundAgain(
    environment: EnvironmentEntity,
    kinds: readonly ServiceKind[],
    work: ServiceWork,
  ): Promise<Record<string, string>> {
    await this.network.prepare(environment.projectId, work.signal);
    return this.provideAgain(environment, kinds, work);
  }

  /** What was asked for is started even where a service does not come up: it may do without, or wait for it. */
  private async provideAgain(
    environment: EnvironmentEntity,
    kinds: readonly ServiceKind[],
    work: ServiceWork,
  ): Promise<Record<string, string>> {
    try {
      return await this.environmentServices.provide(environment, kinds, work);
    } catch (error) {
      const isDown = error instanceof DeploymentFailure && error.code === 'service_not_ready';
      if (!isDown && !isDiskFull(error)) throw error;
      this.logger.warn(
        `${environment.id} is started without all of its services: ${(error as Error).message}`,
      );
      return this.environmentServices.variables(environment, kinds);
    }
  }

  private async provideServices(
    environment: EnvironmentEntity,
    { spec }: DeploymentEntity,
    { log, lease, signal }: StartWork,
  ): Promise<Record<string, string>> {
    const kinds = this.recipes.wanted(spec.services);
    if (kinds.length === 0) return {};
    const began = Date.now();
    log.say(`services: ${kinds.join(', ')}`);
    const variables = await this.environmentServices.provide(environment, kinds, { lease, signal });
    log.say(`services ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return variables;
  }
}
