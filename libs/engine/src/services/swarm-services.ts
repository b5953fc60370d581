import type Docker from 'dockerode';
import type { EngineClient } from '../client/engine-client.js';
import {
  EngineConflictError,
  EngineNotFoundError,
  EngineUnavailableError,
  isForgottenNetwork,
} from '../client/engine-errors.js';
import { assertOurs } from '../client/engine-labels.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { type OutputLine, tailServiceLogs } from '../logs/service-logs.js';
import { imageOf, withPullExpiry } from './pull-expiry.js';
import type { RegistryAuth } from '../images/registry-access.js';
import { fromTemplate } from './swarm-template.js';
import { isOnBridge, withoutHealthCheck } from './task-template.js';
import { type ServiceTask, type TaskResponse, serviceTasks } from './service-tasks.js';

/** How often a change is tried when another client changes the service at the same time. */
const MAX_CONFLICTS = 5;

/** Whether the service existed. */
export type ServiceRemoval = 'removed' | 'missing';

/** Calls dockerode with its first argument, which its types lack: without it, it sends the whole service as credentials. */
function createService(
  docker: Docker,
  auth: RegistryAuth | undefined,
  options: Docker.ServiceSpec,
): Promise<Docker.Service> {
  type Create = (auth: object | undefined, options: Docker.ServiceSpec) => Promise<Docker.Service>;
  return (docker.createService as unknown as Create).call(docker, auth, options);
}

/** Calls dockerode with the credentials as an argument of their own, which its types lack: among the options, they would be in the URL. */
function updateService(
  service: Docker.Service,
  auth: RegistryAuth | undefined,
  options: object,
): Promise<unknown> {
  type Update = (auth: object | undefined, options: object) => Promise<unknown>;
  return (service.update as unknown as Update).call(service, auth, options);
}

/** Operations on any Swarm service of this installation. */
export abstract class SwarmServices {
  protected constructor(protected readonly client: EngineClient) {}

  /** Removes a service of this installation. Its container stops within its grace period, not at once. */
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

  /** Reports whether the ingress reaches the service's containers over their project's bridge; true for a missing service. */
  async isOnBridge(name: string): Promise<boolean> {
    const service = await this.find(name);
    return service === null || isOnBridge(service.Spec);
  }

  /** Sets how many containers run: 0 pauses the service. */
  scale(name: string, replicas: number, guard: Guard = UNGUARDED): Promise<void> {
    return this.update(name, guard, (spec) =>
      spec.Mode?.Replicated?.Replicas === replicas
        ? null
        : { ...spec, Mode: { Replicated: { Replicas: replicas } } },
    );
  }

  /**
   * Changes a service's specification. One that runs then does so without the HEALTHCHECK of its image.
   *
   * @param change returns the new specification, or null to leave the service as it is; it is called again when another
   *   client changed the service meanwhile
   */
  protected async update(
    name: string,
    guard: Guard,
    change: (spec: Docker.ServiceSpec) => Docker.ServiceSpec | null,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { ID, Spec, Version } = await this.inspect(name);
      const changed = change(Spec ?? {});
      if (changed === null) return;
      // Without `_query`, dockerode would put all options into the URL, environment variables included.
      const next = isRunning(changed) ? withoutHealthCheck(changed) : changed;
      try {
        await this.replace(ID, Version?.Index, next, guard);
        return;
      } catch (error) {
        if (!(error instanceof EngineConflictError) || attempt === MAX_CONFLICTS) throw error;
      }
    }
  }

  /** Sends a specification, with fresh credentials for pulls. Without new ones, Swarm keeps those that it has. */
  protected async replace(
    id: string,
    version: number | undefined,
    spec: Docker.ServiceSpec,
    guard: Guard,
  ): Promise<void> {
    const auth = this.authFor(spec);
    const options = { _query: { version }, _body: withPullExpiry(spec, this.client.access) };
    await this.client.change(guard, (docker) => updateService(docker.getService(id), auth, options));
  }

  /** Returns the service's tasks, newest first; an empty list when the service does not exist. */
  async tasks(name: string): Promise<ServiceTask[]> {
    try {
      const { ID } = await this.inspect(name);
      return await this.tasksOf(ID);
    } catch (error) {
      if (error instanceof EngineNotFoundError) return [];
      throw error;
    }
  }

  /**
   * Returns the environment variables of a service's containers; null when the service does not exist.
   *
   * @throws {EngineForeignError} when the service is not ours
   */
  async environmentOf(name: string): Promise<Record<string, string> | null> {
    try {
      const task = (await this.inspect(name)).Spec?.TaskTemplate as Docker.ContainerTaskSpec | undefined;
      const pairs = (task?.ContainerSpec?.Env ?? []).map(fromTemplate);
      return Object.fromEntries(
        pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
      );
    } catch (error) {
      if (error instanceof EngineNotFoundError) return null;
      throw error;
    }
  }

  /**
   * Returns the last output lines of the service's existing containers, oldest first. Leaves out what the engine does
   * not deliver in time.
   *
   * @throws {EngineNotFoundError} when the service does not exist
   */
  async tailLogs(name: string, lines: number): Promise<OutputLine[]> {
    const { ID } = await this.inspect(name);
    return tailServiceLogs(this.client, ID, lines);
  }

  /**
   * @returns the service's id
   * @throws {EngineConflictError} when its name is taken
   * @throws {EngineUnavailableError} while one of its networks is being removed; the engine still lists such a network
   */
  protected async createService(options: Docker.ServiceSpec, guard: Guard): Promise<string> {
    try {
      const auth = this.authFor(options);
      const spec = withPullExpiry(options, this.client.access);
      return (await this.client.change(guard, (docker) => createService(docker, auth, spec))).id;
    } catch (error) {
      if (!isForgottenNetwork(error)) throw error;
      throw new EngineUnavailableError('A network of the project is still being removed.', { cause: error });
    }
  }

  /** Returns the credentials with which any node pulls the service's image; undefined when there are none. */
  private authFor(spec: Docker.ServiceSpec): RegistryAuth | undefined {
    return this.client.access.forService(imageOf(spec), spec.Labels);
  }

  protected async tasksOf(id: string): Promise<ServiceTask[]> {
    const filters = { service: [id] };
    const tasks = await this.client.call((docker) => docker.listTasks({ filters }));
    return serviceTasks(tasks as TaskResponse[]);
  }

  /** @throws {EngineForeignError} when the service is not ours */
  protected async inspect(name: string): Promise<Docker.Service> {
    const service = (await this.client.call((docker) => docker.getService(name).inspect())) as Docker.Service;
    assertOurs(this.client.instance, service.Spec?.Labels, `The service ${name}`);
    return service;
  }

  protected async find(name: string): Promise<Docker.Service | null> {
    try {
      return await this.inspect(name);
    } catch (error) {
      if (error instanceof EngineNotFoundError) return null;
      throw error;
    }
  }
}

function isRunning({ Mode }: Docker.ServiceSpec): boolean {
  return (Mode?.Replicated?.Replicas ?? 0) > 0;
}
