import { type NodeRoom, type Reservation } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { containerOf, LABELS, type Labels } from '../client/engine-labels.js';
import { type LabelledTask } from '../services/running-tasks.js';
import { isOver } from '../services/service-tasks.js';

/** A container of a deployment that has a task. */
export interface TaskOwner {
  readonly environmentId: string;
  readonly deploymentId: string;
  readonly container: string;
}

export interface Capacity {
  /** The nodes that take tasks. */
  readonly nodes: readonly NodeRoom[];
  /** Tasks that Swarm has found no node for yet. */
  readonly waiting: readonly Reservation[];
  /** The containers of deployments that have tasks. */
  readonly containers: readonly TaskOwner[];
}

interface EngineNode {
  readonly ID: string;
  readonly Spec: { readonly Availability?: string };
  readonly Status?: { readonly State?: string };
  readonly Description?: { readonly Resources?: Resources };
}

interface Resources {
  readonly NanoCPUs?: number;
  readonly MemoryBytes?: number;
}

type ReservingTask = LabelledTask & {
  readonly Spec?: {
    readonly Resources?: { readonly Reservations?: Resources };
    readonly Placement?: { readonly Constraints?: readonly string[] | null };
  };
};

/** What the Swarm can still run, reckoned as its scheduler does: each node's resources without what its tasks reserve. */
@Injectable()
export class SwarmCapacity {
  constructor(private readonly client: EngineClient) {}

  /**
   * Reads it.
   *
   * @param isLeftOut returns whether the task of a container does not count
   */
  async read(isLeftOut: (owner: TaskOwner) => boolean): Promise<Capacity> {
    const nodes = (await this.client.call((docker) => docker.listNodes())) as EngineNode[];
    const listed = (await this.client.call((docker) => docker.listTasks())) as ReservingTask[];
    const tasks = listed
      .filter(({ Status }) => !isOver(Status.State))
      .map((task) => ({ nodeId: task.NodeID ?? '', ...reservationOf(task) }))
      .filter(({ owner }) => owner === null || !isLeftOut(owner));
    return {
      nodes: nodes.filter(isTakingTasks).map((node) => roomOf(node, tasks)),
      waiting: tasks
        .filter(({ nodeId }) => nodeId === '')
        .map(({ bound, nanoCpus, memoryBytes }) => ({ nanoCpus, memoryBytes, nodeId: bound })),
      containers: tasks.flatMap(({ owner }) => owner ?? []),
    };
  }
}

function isTakingTasks({ Spec, Status }: EngineNode): boolean {
  return Spec.Availability === 'active' && Status?.State === 'ready';
}

function roomOf(
  { ID, Description }: EngineNode,
  tasks: readonly (Reservation & { nodeId: string })[],
): NodeRoom {
  const { NanoCPUs = 0, MemoryBytes = 0 } = Description?.Resources ?? {};
  const own = tasks.filter(({ nodeId }) => nodeId === ID);
  return {
    nodeId: ID,
    nanoCpus: own.reduce((left, { nanoCpus }) => left - nanoCpus, NanoCPUs),
    memoryBytes: own.reduce((left, { memoryBytes }) => left - memoryBytes, MemoryBytes),
  };
}

function reservationOf({ Spec }: ReservingTask) {
  const { NanoCPUs = 0, MemoryBytes = 0 } = Spec?.Resources?.Reservations ?? {};
  const constraints = Spec?.Placement?.Constraints ?? [];
  const bound = constraints.map((constraint) => /^node\.id==(\S+)$/.exec(constraint)?.[1]).find(Boolean);
  return {
    nanoCpus: NanoCPUs,
    memoryBytes: MemoryBytes,
    bound: bound ?? null,
    owner: ownerOf(Spec?.ContainerSpec?.Labels ?? {}),
  };
}

/** Returns whose container something is; null for jobs, and for what belongs to no deployment. */
function ownerOf(labels: Labels): TaskOwner | null {
  const { [LABELS.environment]: environmentId, [LABELS.deployment]: deploymentId } = labels;
  if (environmentId === undefined || deploymentId === undefined) return null;
  if (labels[LABELS.job] !== undefined) return null;
  return { environmentId, deploymentId, container: containerOf(labels) };
}
