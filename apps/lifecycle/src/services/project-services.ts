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
import { type ChosenImage, ServiceImages } from './service-images.js';
import type { ServicePlace } from './service-jobs.js';
import type { ServiceRecipe } from './service-recipe.js';

const STOPPING_MS = 60_000;

/** The project's services were removed with its last environment while a new environment was starting. */
export class ServicesGoneError extends Error {
  constructor(projectId: string) {
    super(`the services of ${projectId} were just removed`);
    this.name = 'ServicesGoneError';
  }
}

/** A service, and an environment's credentials for it. */
export interface ServiceConnection {
  readonly recipe: ServiceRecipe;
  readonly credentials: ServiceCredentials;
  /** The version that the environment asks for. Without it, every version will do. */
  readonly version?: string | undefined;
  /** Whether its version was live before: then it starts with the data that there is. */
  readonly isRestart?: boolean;
}

type VersionedPlace = ServicePlace & ChosenImage;

export interface RunningService extends ServicePlace {
  /** It was just created or started, and may not answer yet. */
  readonly isStarted: boolean;
}

/**
 * Starts, stops and removes the services that a project's environments share. All of it happens under the project's
 * lease.
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
    private readonly images: ServiceImages,
    private readonly engine: Engine,
    private readonly nodes: SwarmNodes,
    private readonly network: ProjectNetwork,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Starts services. The project's network must exist.
   *
   * @throws {ServicesGoneError} when the project no longer has one of them
   * @throws {DeploymentFailure} `service_not_ready` when one cannot be placed, or has data of another version
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
      for (const { recipe, credentials, version, isRestart = false } of parts) {
        const { kind } = recipe;
        const wanted = chosen.get(kind);
        const container = recipe.container(credentials.adminPassword);
        const { memoryMb } = container;
        const place = wanted && (await this.rows.place({ projectId, kind }, { ...wanted, memoryMb }));
        if (place === undefined || place === 'gone') throw new ServicesGoneError(projectId);
        if (place === 'node-leaving') throw nodeLeaving(recipe.title);
        if (!isRestart) this.images.assertSameVersion(kind, place.version, version);
        faultPoint('rollout.service-placed');
        const outcome = await this.shared.ensure(
          {
            ...container,
            isBehindIngress: recipe.isBehindIngress,
            projectId,
            kind,
            image: place.imageId,
            nodeId: place.nodeId,
            volumeSuffix: place.volumeSuffix,
          },
          lease.guard,
        );
        faultPoint('rollout.service-started');
        if (outcome === 'started') this.logger.log(`started ${recipe.title} of ${projectId}`);
        const { nodeId, imageId } = place;
        places.set(kind, { nodeId, imageId, isStarted: outcome === 'started' });
      }
    });
    return places;
  }

  /** Returns whether all of these services are already scaled up. */
  async areUp(projectId: string, kinds: readonly ServiceKind[]): Promise<boolean> {
    if (kinds.length === 0) return true;
    const services = await this.shared.listForProject(projectId);
    return kinds.every((kind) => services.some((service) => service.kind === kind && service.replicas > 0));
  }

  /** Chooses places without the project's lease, since pulling an image may take minutes. */
  private async choosePlaces(
    projectId: string,
    parts: readonly ServiceConnection[],
    signal: AbortSignal,
  ): Promise<Map<ServiceKind, VersionedPlace>> {
    const services = await this.rows.ofProject(projectId);
    const places = new Map<ServiceKind, VersionedPlace>();
    for (const { recipe, version: wanted } of parts) {
      const known = services.find(({ kind }) => kind === recipe.kind);
      if (known === undefined) throw new ServicesGoneError(projectId);
      const { nodeId, imageId, version } = known;
      if (await this.isLost(known)) {
        throw notReady(
          `The node that holds the ${recipe.title} data is no longer part of the Swarm. Tell the operator, or destroy all environments of the project to start over without the data.`,
        );
      }
      places.set(
        recipe.kind,
        nodeId === null || imageId === null
          ? await this.newPlace(recipe, wanted, signal)
          : { nodeId, imageId, version: version ?? (await this.images.versionOf(recipe.kind, imageId)) },
      );
    }
    return places;
  }

  /** Finds services whose data is lost: their node left the Swarm, and gets another id if it returns. */
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

  private async newPlace(
    recipe: ServiceRecipe,
    wanted: string | undefined,
    signal: AbortSignal,
  ): Promise<VersionedPlace> {
    const { swarm } = await this.engine.info();
    if (swarm.nodeId === null) {
      throw notReady(
        `No node is currently available for ${recipe.title}. Deploy again later; if that does not help, tell the operator.`,
      );
    }
    return { nodeId: swarm.nodeId, ...(await this.images.choose(recipe, wanted, signal)) };
  }

  /**
   * Stops a project's services when none of its environments needs them; their volumes stay. An app that is still
   * stopping needs them; its environment's worker calls this again once the app has stopped.
   */
  async stopIfUnused(projectId: string, signal: AbortSignal): Promise<void> {
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
   * Removes a service that never came up and so holds nothing. Otherwise the engine would restart it forever, from an
   * image that the operator may have replaced by then.
   *
   * @returns false when an environment may have data in it
   */
  async removeUnused({ environment, signal }: ReconcileContext, kind: ServiceKind): Promise<boolean> {
    const { id: environmentId, projectId } = environment;
    let isRemoved = false;
    await this.network.hold(projectId, signal, async (lease) => {
      if (await this.parts.isServiceUsed({ projectId, environmentId, kind })) return;
      const services = await this.rows.ofProject(projectId);
      await this.removeWithVolumes(
        services.filter((service) => service.kind === kind),
        lease,
        AbortSignal.any([signal, lease.signal]),
      );
      await this.rows.unplace({ projectId, kind });
      isRemoved = true;
    });
    return isRemoved;
  }

  /**
   * Removes a project's services with all their data when all of its environments are being destroyed and none of their
   * apps still runs.
   *
   * @returns the state of the other environments
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

  /** Removes services and local volumes; `VolumeSweeper` removes volumes on other nodes. */
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
      const isVolumeGone = async () => (await this.volumes.remove(name, lease.guard)) !== 'in-use';
      if (!(await waitUntil(isVolumeGone, { everyMs: 200, deadlineMs: STOPPING_MS }, signal))) {
        throw new Error(`the volume ${name} is still in use`);
      }
    }
  }
}

function nodeLeaving(title: string): DeploymentFailure {
  return notReady(
    `The node that would hold the ${title} data is being removed and takes no new work. Tell the operator, or deploy again later.`,
  );
}

function notReady(message: string): DeploymentFailure {
  return new DeploymentFailure('service_not_ready', message);
}
