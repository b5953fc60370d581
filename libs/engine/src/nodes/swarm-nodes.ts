import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError, EngineNotManagerError } from '../client/engine-errors.js';
import { isOver, type TaskResponse } from '../services/service-tasks.js';

const MIB = 1024 * 1024;
const NANO = 1e9;

/** A machine of the Swarm, in Swarm's own words. */
export interface SwarmNode {
  readonly swarmId: string;
  readonly hostname: string;
  readonly role: 'manager' | 'worker';
  /** `ready`, `down`, `unknown` or `disconnected` */
  readonly state: string;
  /** `active`, `pause` or `drain` */
  readonly availability: string;
  readonly address: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly engineVersion: string;
  readonly isLeader: boolean;
  readonly joinedAt: Date;
}

/** What a machine needs to join the Swarm as a worker. */
export interface JoinToken {
  readonly workerToken: string;
  /** `host:port` */
  readonly managerAddress: string;
}

/** The part of `GET /nodes` that is read here; https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Node */
interface EngineNode {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly Spec: { readonly Role: 'manager' | 'worker'; readonly Availability: string };
  readonly Description?: {
    readonly Hostname?: string;
    readonly Resources?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number };
    readonly Engine?: { readonly EngineVersion?: string };
  };
  readonly Status?: { readonly State?: string; readonly Addr?: string };
  readonly ManagerStatus?: { readonly Leader?: boolean; readonly Addr?: string };
}

/** The machines of the Swarm. Swarm is a manager's to ask. */
@Injectable()
export class SwarmNodes {
  constructor(private readonly client: EngineClient) {}

  /** @throws {EngineNotManagerError} when the engine is no manager */
  async list(): Promise<SwarmNode[]> {
    const nodes = (await this.client.call((docker) => docker.listNodes())) as EngineNode[];
    return nodes.map(toNode);
  }

  /**
   * A machine of the Swarm, whatever its state; undefined when it is not part of it.
   *
   * @throws {EngineNotManagerError} when the engine is no manager
   */
  async find(swarmId: string): Promise<SwarmNode | undefined> {
    return (await this.list()).find((node) => node.swarmId === swarmId);
  }

  /** @throws {EngineNotManagerError} when the engine is no manager */
  async joinToken(): Promise<JoinToken> {
    const [swarm, info] = await Promise.all([
      this.client.call((docker) => docker.swarmInspect()) as Promise<{ JoinTokens?: { Worker?: string } }>,
      this.client.call((docker) => docker.info()) as Promise<{
        Swarm?: { RemoteManagers?: { Addr: string }[] | null };
      }>,
    ]);
    const workerToken = swarm.JoinTokens?.Worker;
    // The engine lists them in any order; it is always the same one that is answered.
    const [managerAddress] = (info.Swarm?.RemoteManagers ?? []).map(({ Addr }) => Addr).sort();
    if (workerToken === undefined || managerAddress === undefined) {
      throw new EngineNotManagerError('The engine tells no way into the Swarm.');
    }
    return { workerToken, managerAddress };
  }

  /**
   * Takes a worker out of the Swarm, a step at a time: first nothing new comes to it and what runs there moves; once
   * nothing runs there, it is removed. To be called until it is gone.
   */
  async takeOut(swarmId: string): Promise<'draining' | 'removed'> {
    try {
      return await this.takeStep(swarmId);
    } catch (error) {
      if (error instanceof EngineNotFoundError) return 'removed';
      throw error;
    }
  }

  private async takeStep(swarmId: string): Promise<'draining' | 'removed'> {
    const node = this.client.call((docker) => docker.getNode(swarmId).inspect()) as Promise<EngineNode>;
    const { Spec, Version, Status } = await node;
    if (Spec.Availability !== 'drain') {
      const options = { _query: { version: Version.Index }, _body: { ...Spec, Availability: 'drain' } };
      await this.client.call((docker) => docker.getNode(swarmId).update(options));
      return 'draining';
    }
    // A machine that is down tells no more of its tasks: they would be waited for in vain.
    if (Status?.State !== 'down' && (await this.runsAnything(swarmId))) return 'draining';
    await this.client.call((docker) => docker.getNode(swarmId).remove({ force: true }));
    return 'removed';
  }

  /** What a task is to be is another matter: one that is to stop still answers visitors for its grace period. */
  private async runsAnything(swarmId: string): Promise<boolean> {
    const filters = { node: [swarmId] };
    const tasks = (await this.client.call((docker) => docker.listTasks({ filters }))) as TaskResponse[];
    return tasks.some(({ Status }) => !isOver(Status.State));
  }
}

function toNode(node: EngineNode): SwarmNode {
  const { Resources, Engine, Hostname } = node.Description ?? {};
  return {
    swarmId: node.ID,
    hostname: Hostname ?? '',
    role: node.Spec.Role,
    state: node.Status?.State ?? 'unknown',
    availability: node.Spec.Availability,
    address: node.ManagerStatus?.Addr ?? node.Status?.Addr ?? '',
    cpus: (Resources?.NanoCPUs ?? 0) / NANO,
    memoryMb: Math.floor((Resources?.MemoryBytes ?? 0) / MIB),
    engineVersion: Engine?.EngineVersion ?? '',
    isLeader: node.ManagerStatus?.Leader === true,
    joinedAt: new Date(node.CreatedAt),
  };
}
