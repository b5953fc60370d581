import { type NodeRemaining } from '@nexos/database';
import {
  DeploymentMovesRepository,
  type DeploymentOnNode,
  type LeavingNode,
  NodeRemovalsRepository,
} from '@nexos/state';
import { type NodeTask, type SwarmNode, SwarmNodes } from '@nexos/engine';
import { JobQueues } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Environments of a node that are moved at the same time: each starts a container and drains another. */
const MOVES_AT_ONCE = 4;
/** Limits what a node's row reports. */
const MAX_REMAINING = 100;

type AppTask = Extract<NodeTask, { kind: 'app' }>;

/**
 * Removes a node step by step: it takes no new tasks, the environments on it are moved one by one, and once nothing of
 * Nexos runs there, it is drained and leaves the Swarm. All state is in Postgres and the Swarm, so that any worker can
 * take the next step.
 */
@Injectable()
export class NodeDrain {
  private readonly logger = new Logger(NodeDrain.name);

  constructor(
    private readonly removals: NodeRemovalsRepository,
    private readonly moves: DeploymentMovesRepository,
    private readonly swarm: SwarmNodes,
    private readonly queues: JobQueues,
  ) {}

  /** Takes the next step. Call it until the node is gone. */
  async advance(leaving: LeavingNode, { state, availability }: SwarmNode): Promise<void> {
    const { swarmId } = leaving;
    if (availability === 'active') {
      await this.removals.whileRequested(swarmId, () => this.swarm.setAvailability(swarmId, 'pause'));
      return;
    }
    const tasks = await this.swarm.tasksOn(swarmId);
    // A node that is down no longer reports its tasks, and Swarm has already replaced those that it can.
    const isDown = state === 'down';
    const remaining = [
      ...(await this.lossesOf(leaving)),
      ...(isDown ? [] : await this.runningOn(leaving, tasks)),
    ];
    await this.removals.recordRemaining(swarmId, remaining.slice(0, MAX_REMAINING));
    if (remaining.length > 0) return;
    if (availability === 'pause') {
      await this.removals.whileLeaving(swarmId, () => this.swarm.setAvailability(swarmId, 'drain'));
      return;
    }
    if (!isDown && tasks.length > 0) return;
    if (await this.removals.whileLeaving(swarmId, () => this.swarm.remove(swarmId)))
      this.logger.log(`removed node ${swarmId}`);
  }

  /** Returns what would be lost, unless the removal is forced. The API refuses such removals; see `whileLeaving`. */
  private async lossesOf({ swarmId, isForced }: LeavingNode): Promise<NodeRemaining[]> {
    if (isForced) return [];
    const { projects, environments } = await this.removals.lossesOf(swarmId);
    return [
      ...projects.map(({ id, services }) => ({
        projectId: id,
        environmentId: null,
        reason: `The data of its services (${services.join(', ')}) is on this node.`,
      })),
      ...environments.map(({ id, projectId }) => ({
        projectId,
        environmentId: id,
        reason: 'The only image of one of its versions is on this node.',
      })),
    ];
  }

  /** Returns what still runs on the node and must end or move first, and has the next environments moved. */
  private async runningOn(leaving: LeavingNode, tasks: readonly NodeTask[]): Promise<NodeRemaining[]> {
    const ids = tasks.filter((task): task is AppTask => task.kind === 'app').map((task) => task.deploymentId);
    const apps = await this.moves.findAll([...new Set(ids)]);
    const movable = apps.filter(({ imageNodeId }) => imageNodeId !== leaving.swarmId);
    const due = movable.filter(({ isLive, isDraining, isDue }) => isLive && !isDraining && isDue);
    await this.queues.reenqueue(
      due.slice(0, MOVES_AT_ONCE).map(({ environmentId }) => ({
        job: { queue: 'lifecycle', name: 'move-environment', payload: { environmentId } },
        key: `move-${environmentId}`,
      })),
    );
    return [
      ...movable.map(({ projectId, environmentId, ...app }) => ({
        projectId,
        environmentId,
        reason: reasonOf(app),
      })),
      ...tasks.flatMap((task) =>
        task.kind === 'job'
          ? [
              {
                projectId: task.projectId,
                environmentId: task.environmentId,
                reason: 'A hook, a command or a job of its services is running.',
              },
            ]
          : [],
      ),
    ];
  }
}

function reasonOf({
  isLive,
  isDraining,
  error,
}: Pick<DeploymentOnNode, 'isLive' | 'isDraining' | 'error'>): string {
  if (!isLive || isDraining) return 'An old container is closing its connections.';
  return error ?? 'It is being moved to another node.';
}
