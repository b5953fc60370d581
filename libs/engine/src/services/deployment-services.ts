import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError } from '../client/engine-errors.js';
import { LABELS, type Labels, type Owner, labelFilter } from '../client/engine-labels.js';
import { serviceName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { ProjectNetworks } from './project-networks.js';
import { followServiceLogs, type FollowOptions, type ServiceLogLine } from '../logs/service-log-follow.js';
import { type DeploymentServiceSpec, serviceSpec } from './service-spec.js';
import { type LabelledTask, runningTasks } from './running-tasks.js';
import { SwarmServices } from './swarm-services.js';

export interface DeploymentService {
  readonly id: string;
  readonly name: string;
  readonly deploymentId: string;
  /** The id or digest of its image. */
  readonly image: string;
  readonly replicas: number;
}

/** The Swarm services that run deployments, one each. */
@Injectable()
export class DeploymentServices extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
    private readonly config: EngineConfig,
  ) {
    super(client);
  }

  /**
   * Starts a deployment on its project's network. Idempotent, since a caller may die before recording the service: an
   * existing service is kept, and started if it was scaled to zero meanwhile.
   *
   * @returns the name of the service
   * @throws {EngineNotFoundError} when the project has no network
   */
  async create(spec: DeploymentServiceSpec, guard: Guard = UNGUARDED): Promise<string> {
    const { instance, cpuOvercommit } = this.config;
    const network = await this.networks.require(spec.projectId);
    const options = serviceSpec({ instance, cpuOvercommit, networkId: network.id }, spec);
    const name = serviceName(instance, spec.deploymentId, spec.moves);
    try {
      await this.client.change(guard, (docker) => docker.createService(options));
    } catch (error) {
      if (!(error instanceof EngineConflictError)) throw error;
      const existing = await this.inspect(name);
      if (existing.Spec?.Labels?.[LABELS.deployment] !== spec.deploymentId) throw error;
      await this.scale(name, 1, guard);
    }
    return name;
  }

  /**
   * Starts an existing deployment that was scaled to zero, without changing it.
   *
   * @returns false when the service does not exist
   * @throws {EngineForeignError} when the service is not ours
   */
  async resume(
    { id, moves }: { readonly id: string; readonly moves: number },
    guard: Guard = UNGUARDED,
  ): Promise<boolean> {
    try {
      await this.scale(serviceName(this.client.instance, id, moves), 1, guard);
      return true;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /**
   * Creates another service with the same specification, which Swarm starts on a node that takes new tasks. Idempotent:
   * an existing one is kept.
   *
   * @throws {EngineNotFoundError} when the service to copy does not exist
   */
  async copy(name: string, copyName: string, guard: Guard = UNGUARDED): Promise<void> {
    const { Spec } = await this.inspect(name);
    const options = { ...Spec, Name: copyName, Mode: { Replicated: { Replicas: 1 } } };
    try {
      await this.client.change(guard, (docker) => docker.createService(options as Docker.ServiceSpec));
    } catch (error) {
      if (!(error instanceof EngineConflictError)) throw error;
      await this.scale(copyName, 1, guard);
    }
  }

  /** Reports whether an app container of the owner still runs, even if its service was removed. */
  async hasContainers(owner: Owner): Promise<boolean> {
    return (await this.runningApps(owner)).length > 0;
  }

  /** Lists the environments of a project in which an app container still runs. */
  async listRunningEnvironments(projectId: string): Promise<string[]> {
    const apps = await this.runningApps({ projectId });
    return [...new Set(apps.map((labels) => labels[LABELS.environment] ?? ''))];
  }

  /** Returns the labels of running app containers, leaving out shared services (no deployment) and jobs. */
  private async runningApps(owner: Owner): Promise<Labels[]> {
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
        deploymentId: Spec?.Labels?.[LABELS.deployment] ?? '',
        image: task?.ContainerSpec?.Image ?? '',
        replicas: Spec?.Mode?.Replicated?.Replicas ?? 0,
      };
    });
  }

  /**
   * Follows the app's output until the options' signal aborts.
   *
   * @throws {EngineNotFoundError} when the service does not exist
   */
  async *followLogs(name: string, options: FollowOptions): AsyncGenerator<ServiceLogLine> {
    const { ID } = await this.inspect(name);
    yield* followServiceLogs(this.client, ID, options);
  }
}
