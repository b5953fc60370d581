import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from './engine-client.js';
import { EngineConflictError, EngineNotFoundError } from './engine-errors.js';
import { LABELS, assertOurs, labelFilter } from './engine-labels.js';
import { serviceName } from './engine-names.js';
import { type Guard, UNGUARDED } from './guard.js';
import { ProjectNetworks } from './project-networks.js';
import { tailServiceLogs } from './service-logs.js';
import { type DeploymentServiceSpec, serviceSpec } from './service-spec.js';
import { type ServiceTask, type TaskResponse, serviceTasks } from './service-tasks.js';

/** How often a change is tried again when somebody else changed the service in between. */
const MAX_CONFLICTS = 5;

export interface DeploymentService {
  readonly id: string;
  readonly name: string;
  readonly deploymentId: string;
  /** The image id or digest that it runs. */
  readonly image: string;
  readonly replicas: number;
}

/** Whether there was anything to remove. */
export type ServiceRemoval = 'removed' | 'missing';

/** The Swarm services that run deployments, one each. */
@Injectable()
export class DeploymentServices {
  constructor(
    private readonly client: EngineClient,
    private readonly networks: ProjectNetworks,
  ) {}

  /**
   * Starts a deployment on its project's network. One that exists already counts as made, since the caller may have
   * died before it could write that down, and is started where it was scaled to nothing meanwhile.
   *
   * @returns the name of the service
   * @throws {EngineNotFoundError} when the project has no network
   */
  async create(spec: DeploymentServiceSpec, guard: Guard = UNGUARDED): Promise<string> {
    const { instance } = this.client;
    const network = await this.networks.find(spec.projectId);
    if (network === null) throw new EngineNotFoundError(`Project ${spec.projectId} has no network.`);
    const options = serviceSpec(instance, network.id, spec);
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

  /** Stops a service of ours. Its container is gone after its grace period at the latest, not at once. */
  async remove(name: string, guard: Guard = UNGUARDED): Promise<ServiceRemoval> {
    try {
      const { ID } = await this.inspect(name);
      await this.client.change(guard, (docker) => docker.getService(ID).remove());
      return 'removed';
    } catch (error) {
      if (error instanceof EngineNotFoundError) return 'missing';
      throw error;
    }
  }

  /** Sets how many containers run: 0 pauses the service. */
  async scale(name: string, replicas: number, guard: Guard = UNGUARDED): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { ID, Spec, Version } = await this.inspect(name);
      if (Spec?.Mode?.Replicated?.Replicas === replicas) return;
      // Whatever is not given as the query would be put into the URL as well, environment variables included.
      const options = {
        _query: { version: Version?.Index },
        _body: { ...Spec, Mode: { Replicated: { Replicas: replicas } } },
      };
      try {
        await this.client.change(guard, (docker) => docker.getService(ID).update(options));
        return;
      } catch (error) {
        if (!(error instanceof EngineConflictError) || attempt === MAX_CONFLICTS) throw error;
      }
    }
  }

  async listForEnvironment(environmentId: string): Promise<DeploymentService[]> {
    const label = labelFilter(this.client.instance, { environmentId });
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    return services.map(({ ID, Spec }) => {
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

  /** The service's tasks, the newest first; none when there is no such service. */
  async tasks(name: string): Promise<ServiceTask[]> {
    try {
      const { ID } = await this.inspect(name);
      const filters = { service: [ID] };
      const tasks = await this.client.call((docker) => docker.listTasks({ filters }));
      return serviceTasks(tasks as TaskResponse[]);
    } catch (error) {
      if (error instanceof EngineNotFoundError) return [];
      throw error;
    }
  }

  /**
   * The last lines that the app wrote, over all of its containers that still exist, the oldest first. What the
   * engine cannot deliver in time is left out.
   *
   * @throws {EngineNotFoundError} when there is no such service
   */
  async tailLogs(name: string, lines: number): Promise<string[]> {
    const { ID } = await this.inspect(name);
    return tailServiceLogs(this.client, ID, lines);
  }

  /** @throws {EngineForeignError} when the service is not ours */
  private async inspect(name: string): Promise<Docker.Service> {
    const service = (await this.client.call((docker) => docker.getService(name).inspect())) as Docker.Service;
    assertOurs(this.client.instance, service.Spec?.Labels, `The service ${name}`);
    return service;
  }
}
