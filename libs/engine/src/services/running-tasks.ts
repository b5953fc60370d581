import type { EngineClient } from '../client/engine-client.js';
import type { Labels } from '../client/engine-labels.js';
import { isOver, type TaskResponse } from './service-tasks.js';

/** A task with its container's labels. */
export interface LabelledTask extends TaskResponse {
  readonly Spec?: { readonly ContainerSpec?: { readonly Labels?: Labels } };
}

/** Reports whether one of the tasks still runs. */
export async function isAnyRunning(client: EngineClient, tasks: readonly TaskResponse[]): Promise<boolean> {
  return (await runningTasks(client, tasks)).length > 0;
}

/** Returns the tasks that still run. A node that is down counts as running nothing: neither Swarm nor we can know. */
export async function runningTasks<T extends TaskResponse>(
  client: EngineClient,
  tasks: readonly T[],
): Promise<T[]> {
  const left = tasks.filter(({ NodeID = '', Status }) => NodeID !== '' && !isOver(Status.State));
  if (left.length === 0) return [];
  const nodes = (await client.call((docker) => docker.listNodes())) as {
    ID: string;
    Status?: { State?: string };
  }[];
  return left.filter(({ NodeID }) =>
    nodes.some(({ ID, Status }) => ID === NodeID && Status?.State !== 'down'),
  );
}
