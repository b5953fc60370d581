import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError, EngineNotManagerError } from '../client/engine-errors.js';
import { isOver, type TaskResponse } from '../services/service-tasks.js';

const MIB = 1024 * 1024;
const NANO = 1e9;

/** A node of the Swarm, in Swarm's own terms. */
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

/** The token and address that a machine needs to join the Swarm as a worker. */
export interface JoinToken {
  readonly workerToken: string;
  /** `host:port` */
  readonly managerAddress: string;
}

/** The part of `GET /nodes` read here; https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Node */
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

/** The nodes of the Swarm, as a manager reports them. */
@Injectable()
export class SwarmNodes {
  constructor(private readonly client: EngineClient) {}

  /** @throws {EngineNotManagerError} when the engine is not a manager */
  async list(): Promise<SwarmNode[]> {
    const nodes = (await this.client.call((docker) => docker.listNodes())) as EngineNode[];
    return nodes.map(toNode);
  }

  /**
   * Returns a node of the Swarm in any state; undefined when it is not a member.
   *
   * @throws {EngineNotManagerError} when the engine is not a manager
   */
  async find(swarmId: string): Promise<SwarmNode | undefined> {
    return (await this.list()).find((node) => node.swarmId === swarmId);
  }

  /** @throws {EngineNotManagerError} when the engine is not a manager */
  async joinToken(): Promise<JoinToken> {
    const [swarm, info] = await Promise.all([
      this.client.call((docker) => docker.swarmInspect()) as Promise<{ JoinTokens?: { Worker?: string } }>,
      this.client.call((docker) => docker.info()) as Promise<{
        Swarm?: { RemoteManagers?: { Addr: string }[] | null };
      }>,
    ]);
    const workerToken = swarm.JoinTokens?.Worker;
    // The engine lists managers in any order; sort them so that the result is stable.
    const [managerAddress] = (info.Swarm?.RemoteManagers ?? []).map(({ Addr }) => Addr).sort();
    if (workerToken === undefined || managerAddress === undefined) {
      throw new EngineNotManagerError('The container engine reports no join token or no manager address.');
    }
    return { workerToken, managerAddress };
  }

  /**
   * Removes a worker from the Swarm step by step: drains it first, then removes it once nothing runs there. Call it
   * until it returns `removed`.
   */
  async drainAndRemove(swarmId: string): Promise<'draining' | 'removed'> {
    try {
      return await this.advanceRemoval(swarmId);
    } catch (error) {
      if (error instanceof EngineNotFoundError) return 'removed';
      throw error;
    }
  }

  private async advanceRemoval(swarmId: string): Promise<'draining' | 'removed'> {
    const node = this.client.call((docker) => docker.getNode(swarmId).inspect()) as Promise<EngineNode>;
    const { Spec, Version, Status } = await node;
    if (Spec.Availability !== 'drain') {
      const options = { _query: { version: Version.Index }, _body: { ...Spec, Availability: 'drain' } };
      await this.client.call((docker) => docker.getNode(swarmId).update(options));
      return 'draining';
    }
    // A node that is down no longer reports its tasks, so waiting for them would never end.
    if (Status?.State !== 'down' && (await this.hasRunningTasks(swarmId))) return 'draining';
    await this.client.call((docker) => docker.getNode(swarmId).remove({ force: true }));
    return 'removed';
  }

  /** Ignores the desired state: a task that should stop still serves requests during its grace period. */
  private async hasRunningTasks(swarmId: string): Promise<boolean> {
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
