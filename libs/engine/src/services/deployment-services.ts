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
import { type LabelledTask, tasksThatRun } from './tasks-that-run.js';
import { SwarmServices } from './swarm-services.js';

export interface DeploymentService {
  readonly id: string;
  readonly name: string;
  readonly deploymentId: string;
  /** The image id or digest that it runs. */
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
   * Starts a deployment on its project's network. One that exists already counts as made, since the caller may have
   * died before it could write that down, and is started where it was scaled to nothing meanwhile.
   *
   * @returns the name of the service
   * @throws {EngineNotFoundError} when the project has no network
   */
  async create(spec: DeploymentServiceSpec, guard: Guard = UNGUARDED): Promise<string> {
    const { instance, cpuOvercommit } = this.config;
    const network = await this.networks.require(spec.projectId);
    const options = serviceSpec({ instance, cpuOvercommit, networkId: network.id }, spec);
    const name = serviceName(instance, spec.deploymentId);
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
   * Starts a deployment that is there already and was scaled to nothing, as it is.
   *
   * @returns false when it is not there
   * @throws {EngineForeignError} when the service is not ours
   */
  async startAgain(deploymentId: string, guard: Guard = UNGUARDED): Promise<boolean> {
    try {
      await this.scale(serviceName(this.client.instance, deploymentId), 1, guard);
      return true;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /** Whether a container of an app still runs, also one whose service was removed. */
  async hasContainers(owner: Owner): Promise<boolean> {
    return (await this.appsThatRun(owner)).length > 0;
  }

  /** The environments of a project that have such a container. */
  async listEnvironmentsThatRun(projectId: string): Promise<string[]> {
    const apps = await this.appsThatRun({ projectId });
    return [...new Set(apps.map((labels) => labels[LABELS.environment] ?? ''))];
  }

  /** The labels of app containers that run. A project's own services have no deployment, and jobs are no apps. */
  private async appsThatRun(owner: Owner): Promise<Labels[]> {
    // A second filter for the deployment's label would take the place of the first one, or not: the engine keeps one.
    const filters = { label: labelFilter(this.client.instance, owner) };
    const tasks = (await this.client.call((docker) => docker.listTasks({ filters }))) as LabelledTask[];
    const labelsOf = ({ Spec }: LabelledTask) => Spec?.ContainerSpec?.Labels ?? {};
    const isApp = (labels: Labels) =>
      labels[LABELS.deployment] !== undefined && labels[LABELS.job] === undefined;
    const apps = tasks.filter((task) => isApp(labelsOf(task)));
    return (await tasksThatRun(this.client, apps)).map(labelsOf);
  }

  /** Those of one environment. */
  listForEnvironment(environmentId: string): Promise<DeploymentService[]> {
    return this.list(labelFilter(this.client.instance, { environmentId }));
  }

  /** Those of this installation. */
  listAll(): Promise<DeploymentService[]> {
    return this.list([...labelFilter(this.client.instance, {}), LABELS.deployment]);
  }

  private async list(label: string[]): Promise<DeploymentService[]> {
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    // Jobs of an environment's deployments carry its label too.
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
   * What the app wrote and writes, until the signal of the options says stop.
   *
   * @throws {EngineNotFoundError} when there is no such service
   */
  async *followLogs(name: string, options: FollowOptions): AsyncGenerator<ServiceLogLine> {
    const { ID } = await this.inspect(name);
    yield* followServiceLogs(this.client, ID, options);
  }
}
