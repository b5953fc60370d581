import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError } from '../client/engine-errors.js';
import { containerOf, LABELS, type Labels, type Owner, labelFilter } from '../client/engine-labels.js';
import { serviceName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { BridgePlacement } from './bridge-placement.js';
import { ProjectNetworks } from './project-networks.js';
import { followServiceLogs, type FollowOptions, type ServiceLogLine } from '../logs/service-log-follow.js';
import { type DeploymentServiceSpec, serviceSpec } from './service-spec.js';
import { type LabelledTask, runningTasks } from './running-tasks.js';
import { SwarmServices } from './swarm-services.js';
import { needsNewToken } from './pull-expiry.js';
import { isOnBridge, movedTo, withoutHealthCheck } from './task-template.js';
import { VersionNetworks } from './version-networks.js';

export interface DeploymentService {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly deploymentId: string;
  /** Which of the deployment's containers it runs. */
  readonly container: string;
  /** Whether the ingress reaches it over its project's bridge. */
  readonly isOnBridge: boolean;
  /** The id or digest of its image. */
  readonly image: string;
  readonly replicas: number;
}

/** A container of a deployment. */
export interface VersionContainer {
  readonly deploymentId: string;
  readonly moves: number;
  /** Its place among the containers of the deployment. */
  readonly index: number;
}

/** A container whose service was scaled to zero. */
interface StoppedContainer extends VersionContainer {
  /** The only node that has its image; every node can run it by default. */
  readonly nodeId?: string;
}

/** The Swarm services that run deployments, one for each container. */
@Injectable()
export class DeploymentServices extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
    private readonly versionNetworks: VersionNetworks,
    private readonly placement: BridgePlacement,
    private readonly config: EngineConfig,
  ) {
    super(client);
  }

  /**
   * Starts a container of a deployment on its project's network. Idempotent, since a caller may die before recording the service: an
   * existing service is kept, and started if it was scaled to zero meanwhile.
   *
   * @returns the name of the service
   * @throws {EngineNotFoundError} when the project has no network, or the version lacks the one that it needs
   */
  async create(spec: DeploymentServiceSpec, guard: Guard = UNGUARDED): Promise<string> {
    const { instance, cpuOvercommit } = this.config;
    const [overlay, versionOverlay, place] = await Promise.all([
      this.networks.require(spec.projectId),
      spec.hasSiblings ? this.versionOverlay(spec.deploymentId) : null,
      this.placement.place(spec.nodeId),
    ]);
    const options = serviceSpec({ instance, cpuOvercommit, overlay, versionOverlay, place }, spec);
    const name = this.nameOf(spec);
    try {
      await this.createService(options, guard);
    } catch (error) {
      if (!(error instanceof EngineConflictError)) throw error;
      const existing = await this.inspect(name);
      if (existing.Spec?.Labels?.[LABELS.deployment] !== spec.deploymentId) throw error;
      await this.restart(spec, guard);
    }
    return name;
  }

  private async versionOverlay(deploymentId: string): Promise<string> {
    const found = await this.versionNetworks.find(deploymentId);
    if (found === null) throw new EngineNotFoundError(`${deploymentId} has no network of its own.`);
    return found;
  }

  /**
   * Starts an existing container that was scaled to zero, without changing it.
   *
   * @returns false when the service does not exist
   * @throws {EngineForeignError} when the service is not ours
   */
  async resume(container: VersionContainer, guard: Guard = UNGUARDED): Promise<boolean> {
    try {
      await this.scale(this.nameOf(container), 1, guard);
      return true;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /**
   * Starts an existing container that was scaled to zero where a new one would start. Leaves a running one unchanged.
   *
   * @returns false when the service does not exist
   * @throws {EngineForeignError} when the service is not ours
   */
  async restart({ nodeId, ...container }: StoppedContainer, guard: Guard = UNGUARDED): Promise<boolean> {
    const move = await this.mover(nodeId);
    try {
      await this.update(this.nameOf(container), guard, (spec) =>
        (spec.Mode?.Replicated?.Replicas ?? 0) > 0 ? null : started(move(spec)),
      );
      return true;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /**
   * Creates another service of the same version where a new one would start. Idempotent: an existing one is kept.
   *
   * @param nodeId the only node that has its image, if any
   * @throws {EngineNotFoundError} when the service to copy does not exist
   */
  async copy(
    name: string,
    copyName: string,
    nodeId: string | undefined,
    guard: Guard = UNGUARDED,
  ): Promise<void> {
    const [{ Spec = {} }, move] = await Promise.all([this.inspect(name), this.mover(nodeId)]);
    try {
      await this.createService({ ...withoutHealthCheck(started(move(Spec))), Name: copyName }, guard);
    } catch (error) {
      if (!(error instanceof EngineConflictError)) throw error;
      await this.scale(copyName, 1, guard);
    }
  }

  private async mover(nodeId: string | undefined) {
    const place = await this.placement.place(nodeId);
    return (spec: Docker.ServiceSpec): Docker.ServiceSpec => ({
      ...spec,
      TaskTemplate: movedTo(place, spec.TaskTemplate as Docker.ContainerTaskSpec),
    });
  }

  /**
   * Gives a new token for its image to each service of which the present one has used up half of its life. Swarm does not
   * restart tasks for that. A service that changes meanwhile gets its token with that change.
   *
   * @returns how many got one
   */
  async renewPullTokens(now = Date.now()): Promise<number> {
    const label = [...labelFilter(this.client.instance, {}), LABELS.deployment];
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    let renewed = 0;
    for (const { ID, Version, Spec } of services) {
      if (Spec === undefined || !needsNewToken(Spec, this.client.access, now)) continue;
      try {
        await this.replace(ID, Version?.Index, Spec, UNGUARDED);
        renewed++;
      } catch (error) {
        if (!(error instanceof EngineConflictError || error instanceof EngineNotFoundError)) throw error;
      }
    }
    return renewed;
  }

  /** Reports whether a container of a deployment of the owner still runs, even if its service was removed. */
  async hasContainers({ container, ...owner }: Owner): Promise<boolean> {
    const running = await this.runningContainers(owner);
    return running.some((labels) => container === undefined || containerOf(labels) === container);
  }

  /** Lists the environments of a project in which a container of a deployment still runs. */
  async listRunningEnvironments(projectId: string): Promise<string[]> {
    const running = await this.runningContainers({ projectId });
    return [...new Set(running.map((labels) => labels[LABELS.environment] ?? ''))];
  }

  /** Lists the deployments of an environment of which a container still runs. */
  async listRunningDeployments(environmentId: string): Promise<string[]> {
    const running = await this.runningContainers({ environmentId });
    return [...new Set(running.map((labels) => labels[LABELS.deployment] ?? ''))];
  }

  /** Returns the labels of running containers of deployments, leaving out shared services and jobs. */
  private async runningContainers(owner: Owner): Promise<Labels[]> {
    // The engine keeps only one of two label filters, so the deployment's label is checked here.
    const filters = { label: labelFilter(this.client.instance, owner) };
    const tasks = (await this.client.call((docker) => docker.listTasks({ filters }))) as LabelledTask[];
    const labelsOf = ({ Spec }: LabelledTask) => Spec?.ContainerSpec?.Labels ?? {};
    const isApp = (labels: Labels) =>
      labels[LABELS.deployment] !== undefined && labels[LABELS.job] === undefined;
    const apps = tasks.filter((task) => isApp(labelsOf(task)));
    return (await runningTasks(this.client, apps)).map(labelsOf);
  }

  /** Lists the services of one environment. */
  listForEnvironment(environmentId: string): Promise<DeploymentService[]> {
    return this.list(labelFilter(this.client.instance, { environmentId }));
  }

  /** Lists the services of one project. */
  listForProject(projectId: string): Promise<DeploymentService[]> {
    return this.list([...labelFilter(this.client.instance, { projectId }), LABELS.deployment]);
  }

  /** Lists the services of this installation. */
  listAll(): Promise<DeploymentService[]> {
    return this.list([...labelFilter(this.client.instance, {}), LABELS.deployment]);
  }

  private async list(label: string[]): Promise<DeploymentService[]> {
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    // Jobs of an environment's deployments have its label too.
    const running = services.filter(({ Spec }) => Spec?.Labels?.[LABELS.job] === undefined);
    return running.map(({ ID, Spec }) => {
      const task = Spec?.TaskTemplate as Docker.ContainerTaskSpec | undefined;
      return {
        id: ID,
        name: Spec?.Name ?? '',
        projectId: Spec?.Labels?.[LABELS.project] ?? '',
        isOnBridge: isOnBridge(Spec),
        deploymentId: Spec?.Labels?.[LABELS.deployment] ?? '',
        container: containerOf(Spec?.Labels),
        image: task?.ContainerSpec?.Image ?? '',
        replicas: Spec?.Mode?.Replicated?.Replicas ?? 0,
      };
    });
  }

  /**
   * Follows a container's output until the options' signal aborts.
   *
   * @throws {EngineNotFoundError} when the service does not exist
   */
  async *followLogs(name: string, options: FollowOptions): AsyncGenerator<ServiceLogLine> {
    const { ID } = await this.inspect(name);
    yield* followServiceLogs(this.client, ID, options);
  }

  /** Returns the name of a container's service. */
  nameOf({ deploymentId, moves, index }: VersionContainer): string {
    return serviceName(this.client.instance, deploymentId, moves, index);
  }
}

function started(spec: Docker.ServiceSpec): Docker.ServiceSpec {
  return { ...spec, Mode: { Replicated: { Replicas: 1 } } };
}
