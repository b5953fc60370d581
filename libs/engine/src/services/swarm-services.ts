import type Docker from 'dockerode';
import type { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError } from '../client/engine-errors.js';
import { assertOurs } from '../client/engine-labels.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { type OutputLine, tailServiceLogs } from '../logs/service-logs.js';
import { fromTemplate } from './swarm-template.js';
import { type ServiceTask, type TaskResponse, serviceTasks } from './service-tasks.js';

/** How often a change is tried again when somebody else changed the service in between. */
const MAX_CONFLICTS = 5;

/** Whether there was anything to remove. */
export type ServiceRemoval = 'removed' | 'missing';

/** What can be done with any Swarm service of ours, whatever it runs. */
export abstract class SwarmServices {
  protected constructor(protected readonly client: EngineClient) {}

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

  /** The service's tasks, the newest first; none when there is no such service. */
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
   * The environment variables that a service's containers are told; null when there is no such service.
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
   * The last lines that the service's containers wrote, of all that still exist, the oldest first. What the
   * engine cannot deliver in time is left out.
   *
   * @throws {EngineNotFoundError} when there is no such service
   */
  async tailLogs(name: string, lines: number): Promise<OutputLine[]> {
    const { ID } = await this.inspect(name);
    return tailServiceLogs(this.client, ID, lines);
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
