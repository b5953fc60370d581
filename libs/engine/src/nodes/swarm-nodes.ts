import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError, EngineNotManagerError } from '../client/engine-errors.js';
import { isOurs, type Labels, LABELS } from '../client/engine-labels.js';
import type { LabelledTask } from '../services/running-tasks.js';
import { isOver } from '../services/service-tasks.js';

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

/** A task on a node, by what it is to Nexos. */
export type NodeTask =
  /** Not of this installation. */
  | { readonly kind: 'foreign' }
  | {
      readonly kind: 'app';
      readonly projectId: string;
      readonly environmentId: string;
      readonly deploymentId: string;
    }
  /** A service that the environments of a project share. */
  | { readonly kind: 'service'; readonly projectId: string }
  /** A hook, a command, or a job that provisions a service. */
  | { readonly kind: 'job'; readonly projectId: string; readonly environmentId: string | null };

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

  /** Sets whether a node takes new tasks: `pause` keeps those it has, `drain` stops them. */
  async setAvailability(swarmId: string, availability: 'active' | 'pause' | 'drain'): Promise<void> {
    const node = this.client.call((docker) => docker.getNode(swarmId).inspect()) as Promise<EngineNode>;
    const { Spec, Version } = await node;
    if (Spec.Availability === availability) return;
    const options = { _query: { version: Version.Index }, _body: { ...Spec, Availability: availability } };
    await this.client.call((docker) => docker.getNode(swarmId).update(options));
  }

  /** Removes a node from the Swarm; does nothing when it is not a member. */
  async remove(swarmId: string): Promise<void> {
    try {
      await this.client.call((docker) => docker.getNode(swarmId).remove({ force: true }));
    } catch (error) {
      if (!(error instanceof EngineNotFoundError)) throw error;
    }
  }

  /**
   * Lists the tasks on a node that have a container or may get one. Ignores the desired state: a task that should stop
   * still serves requests during its grace period.
   */
  async tasksOn(swarmId: string): Promise<NodeTask[]> {
    const filters = { node: [swarmId] };
    const tasks = (await this.client.call((docker) => docker.listTasks({ filters }))) as LabelledTask[];
    return tasks
      .filter(({ Status }) => !isOver(Status.State))
      .map(({ Spec }) => toNodeTask(this.client.instance, Spec?.ContainerSpec?.Labels ?? {}));
  }
}

function toNodeTask(instance: string, labels: Labels): NodeTask {
  const projectId = labels[LABELS.project];
  const environmentId = labels[LABELS.environment];
  const deploymentId = labels[LABELS.deployment];
  if (!isOurs(instance, labels) || projectId === undefined) return { kind: 'foreign' };
  if (labels[LABELS.job] !== undefined) {
    return { kind: 'job', projectId, environmentId: environmentId ?? null };
  }
  if (environmentId === undefined || deploymentId === undefined) return { kind: 'service', projectId };
  return { kind: 'app', projectId, environmentId, deploymentId };
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
