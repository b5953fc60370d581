import { EngineConfig, faultPoint } from '@nexos/config';
import { type Lease, type ProjectServiceEntity } from '@nexos/database';
import {
  EnvironmentServicesRepository,
  EnvironmentsRepository,
  ProjectServicesRepository,
} from '@nexos/state';
import { DeploymentFailure, type ServiceKind } from '@nexos/domain';
import {
  DeploymentServices,
  Engine,
  EngineNotFoundError,
  EngineRejectedError,
  Images,
  sharedServiceName,
  SharedServices,
  sharedVolumeName,
  SwarmNodes,
  Volumes,
} from '@nexos/engine';
import { type ServiceCredentials } from '@nexos/env-vars';
import { Injectable, Logger } from '@nestjs/common';
import { ProjectNetwork } from '../reconcile/project-network.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { Siblings, type SiblingState } from '../reconcile/siblings.js';
import { waitUntil } from '../wait-until.js';
import type { ServicePlace } from './service-jobs.js';
import type { ServiceRecipe } from './service-recipe.js';

const STOPPING_MS = 60_000;

/** The services of the project went away with its last environment, just when another one came. */
export class ServicesGoneError extends Error {
  constructor(projectId: string) {
    super(`the services of ${projectId} were just taken away`);
    this.name = 'ServicesGoneError';
  }
}

/** A service, and how an environment gets into it. */
export interface ServiceConnection {
  readonly recipe: ServiceRecipe;
  readonly credentials: ServiceCredentials;
}

export interface RunningService extends ServicePlace {
  /** It was made or started just now, and may not answer yet. */
  readonly isStarted: boolean;
}

/**
 * The services that the environments of a project share. Whether they run, and whether they are there at all, is decided
 * and brought about under the project's lease.
 */
@Injectable()
export class ProjectServices {
  private readonly logger = new Logger(ProjectServices.name);

  constructor(
    private readonly rows: ProjectServicesRepository,
    private readonly parts: EnvironmentServicesRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly apps: DeploymentServices,
    private readonly siblings: Siblings,
    private readonly shared: SharedServices,
    private readonly volumes: Volumes,
    private readonly images: Images,
    private readonly engine: Engine,
    private readonly nodes: SwarmNodes,
    private readonly network: ProjectNetwork,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Makes services run; the project's network is there already.
   *
   * @throws {ServicesGoneError} when the project does not have one any more
   * @throws {DeploymentFailure} `service_not_ready`, when there is no place for one
   */
  async start(
    projectId: string,
    parts: readonly ServiceConnection[],
    signal: AbortSignal,
  ): Promise<Map<ServiceKind, RunningService>> {
    const places = new Map<ServiceKind, RunningService>();
    if (parts.length === 0) return places;
    const chosen = await this.choosePlaces(projectId, parts, signal);
    await this.network.hold(projectId, signal, async (lease) => {
      for (const { recipe, credentials } of parts) {
        const { kind } = recipe;
        const wanted = chosen.get(kind);
        const place = wanted && (await this.rows.place({ projectId, kind }, wanted));
        if (!place) throw new ServicesGoneError(projectId);
        faultPoint('rollout.service-placed');
        const outcome = await this.shared.ensure(
          {
            ...recipe.container(credentials.adminPassword),
            projectId,
            kind,
            image: place.imageId,
            nodeId: place.nodeId,
            volumeSuffix: place.volumeSuffix,
          },
          lease.guard,
        );
        faultPoint('rollout.service-started');
        if (outcome === 'started') this.logger.log(`${recipe.title} of ${projectId} is started`);
        const { nodeId, imageId } = place;
        places.set(kind, { nodeId, imageId, isStarted: outcome === 'started' });
      }
    });
    return places;
  }

  /** Whether all of these are to run as it is, and none has to be started. */
  async areUp(projectId: string, kinds: readonly ServiceKind[]): Promise<boolean> {
    if (kinds.length === 0) return true;
    const services = await this.shared.listForProject(projectId);
    return kinds.every((kind) => services.some((service) => service.kind === kind && service.replicas > 0));
  }

  /** An image may take minutes to come, in which nobody else of the project has to wait. */
  private async choosePlaces(
    projectId: string,
    parts: readonly ServiceConnection[],
    signal: AbortSignal,
  ): Promise<Map<ServiceKind, ServicePlace>> {
    const services = await this.rows.ofProject(projectId);
    const places = new Map<ServiceKind, ServicePlace>();
    for (const { recipe } of parts) {
      const known = services.find(({ kind }) => kind === recipe.kind);
      if (known === undefined) throw new ServicesGoneError(projectId);
      const { nodeId, imageId } = known;
      if (await this.isLost(known)) {
        throw new DeploymentFailure(
          'service_not_ready',
          `The machine with the data of ${recipe.title} is not part of the Swarm any more. Destroy all environments of the project to begin anew, or tell the operator.`,
        );
      }
      places.set(
        recipe.kind,
        nodeId === null || imageId === null ? await this.newPlace(recipe, signal) : { nodeId, imageId },
      );
    }
    return places;
  }

  /** The services of a project whose data is gone: its machine was taken out of the Swarm, and has another id if it returns. */
  async findLost(projectId: string): Promise<ServiceKind[]> {
    const lost: ServiceKind[] = [];
    for (const service of await this.rows.ofProject(projectId)) {
      if (await this.isLost(service)) lost.push(service.kind);
    }
    return lost;
  }

  private async isLost({ nodeId }: ProjectServiceEntity): Promise<boolean> {
    return nodeId !== null && (await this.nodes.find(nodeId)) === undefined;
  }

  private async newPlace({ image, title }: ServiceRecipe, signal: AbortSignal): Promise<ServicePlace> {
    const { swarm } = await this.engine.info();
    if (swarm.nodeId === null) {
      throw new DeploymentFailure(
        'service_not_ready',
        `There is no node for ${title} at the moment. Deploy again in a while; if that does not help, tell the operator.`,
      );
    }
    try {
      return { nodeId: swarm.nodeId, imageId: await this.images.ensure(image, signal) };
    } catch (error) {
      if (!(error instanceof EngineRejectedError || error instanceof EngineNotFoundError)) throw error;
      this.logger.error(`${image} cannot be had: ${error.message}`);
      throw new DeploymentFailure(
        'service_not_ready',
        `The image of ${title} cannot be had. Tell the operator: it is set by SERVICE_${title.toUpperCase()}_IMAGE.`,
        { cause: error },
      );
    }
  }

  /**
   * Stops a project's services when none of its environments needs them; their volumes stay. An app that is still stopping
   * needs them: once it has stopped, the worker that looks after its environment asks again.
   */
  async rest(projectId: string, signal: AbortSignal): Promise<void> {
    if ((await this.rows.ofProject(projectId)).length === 0) return;
    await this.network.hold(projectId, signal, async (lease) => {
      if (await this.environments.isAnyActive(projectId)) return;
      if (await this.apps.hasContainers({ projectId })) return;
      for (const { name, replicas } of await this.shared.listForProject(projectId)) {
        if (replicas > 0) await this.shared.scale(name, 0, lease.guard);
      }
    });
  }

  /**
   * Takes a service away that has not come up for any environment that asked for it: nobody has anything in it. It would be
   * started for ever, and of an image that the operator may have changed by the next time.
   *
   * @returns false when an environment may have something in it
   */
  async giveUp({ environment, signal }: ReconcileContext, kind: ServiceKind): Promise<boolean> {
    const { id: environmentId, projectId } = environment;
    let isGone = false;
    await this.network.hold(projectId, signal, async (lease) => {
      if (await this.parts.isServiceUsed({ projectId, environmentId, kind })) return;
      const services = await this.rows.ofProject(projectId);
      await this.removeWithVolumes(
        services.filter((service) => service.kind === kind),
        lease,
        AbortSignal.any([signal, lease.signal]),
      );
      await this.rows.unplace({ projectId, kind });
      isGone = true;
    });
    return isGone;
  }

  /**
   * Removes a project's services with all that they hold, when all of its environments are being destroyed and none of
   * their apps runs any more.
   *
   * @returns what the other environments need of them
   */
  async removeIfLast(projectId: string, environmentId: string, signal: AbortSignal): Promise<SiblingState> {
    let siblings: SiblingState = 'none';
    await this.network.hold(projectId, signal, async (lease) => {
      siblings = await this.siblings.stateOf(projectId, environmentId);
      if (siblings === 'stay' || siblings === 'stopping') return;
      await this.removeAll(projectId, lease, AbortSignal.any([signal, lease.signal]));
    });
    return siblings;
  }

  private async removeAll(projectId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    const services = await this.rows.ofProject(projectId);
    await this.removeWithVolumes(services, lease, signal);
    faultPoint('destroy.volumes-removed');
    await this.rows.forgetAll(projectId);
    faultPoint('destroy.services-forgotten');
  }

  /** A volume of another node is removed by the worker that is there (`VolumeSweeper`). */
  private async removeWithVolumes(
    services: readonly ProjectServiceEntity[],
    lease: Lease,
    signal: AbortSignal,
  ): Promise<void> {
    const { instance } = this.config;
    for (const { projectId, kind } of services) {
      await this.shared.remove(sharedServiceName(instance, projectId, kind), lease.guard);
    }
    faultPoint('destroy.shared-services-removed');
    for (const { projectId, kind, volumeSuffix } of services) {
      const name = sharedVolumeName(instance, projectId, kind, volumeSuffix);
      const gone = async () => (await this.volumes.remove(name, lease.guard)) !== 'in-use';
      if (!(await waitUntil(gone, { everyMs: 200, deadlineMs: STOPPING_MS }, signal))) {
        throw new Error(`the volume ${name} is still in use`);
      }
    }
  }
}
