import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { containerOf, LABELS, type Labels, labelFilter } from '../client/engine-labels.js';
import type { LabelledTask } from './running-tasks.js';
import type { TaskState } from './service-tasks.js';

/** A task that Swarm runs, or tries to run. */
export interface CurrentTask {
  readonly projectId: string | null;
  /** The deployment that it runs; null for a shared service. */
  readonly deploymentId: string | null;
  /** Which of the deployment's containers; meaningless for a shared service. */
  readonly container: string;
  /** The kind of a shared service; null for a container of a deployment. */
  readonly service: string | null;
  readonly state: TaskState;
  /** The reason for its state, if Swarm gives one. */
  readonly error: string;
  /** Null until Swarm has found a node. */
  readonly nodeId: string | null;
}

/** What Swarm runs at present of apps and shared services, on all machines. */
@Injectable()
export class CurrentTasks {
  constructor(private readonly client: EngineClient) {}

  /** Lists the tasks that should run, leaving out jobs. */
  async list(): Promise<CurrentTask[]> {
    const filters = { label: labelFilter(this.client.instance, {}), 'desired-state': ['running'] };
    const tasks = (await this.client.call((docker) => docker.listTasks({ filters }))) as LabelledTask[];
    return tasks
      .map((task) => ({ task, labels: task.Spec?.ContainerSpec?.Labels ?? {} }))
      .filter(({ labels }) => labels[LABELS.job] === undefined)
      .map(({ task, labels }) => currentTask(task, labels));
  }
}

function currentTask({ NodeID, Status }: LabelledTask, labels: Labels): CurrentTask {
  return {
    projectId: labels[LABELS.project] ?? null,
    deploymentId: labels[LABELS.deployment] ?? null,
    container: containerOf(labels),
    service: labels[LABELS.service] ?? null,
    state: Status.State as TaskState,
    error: Status.Err ?? '',
    nodeId: NodeID === undefined || NodeID === '' ? null : NodeID,
  };
}
