import type { EngineClient } from '../client/engine-client.js';
import type { Labels } from '../client/engine-labels.js';
import { isOver, type TaskResponse } from './service-tasks.js';

/** A task with the labels of its containers. */
export interface LabelledTask extends TaskResponse {
  readonly Spec?: { readonly ContainerSpec?: { readonly Labels?: Labels } };
}

/** Whether one of the tasks still runs. */
export async function doesAnyRun(client: EngineClient, tasks: readonly TaskResponse[]): Promise<boolean> {
  return (await tasksThatRun(client, tasks)).length > 0;
}

/** The tasks that still run. A node that is down runs nothing, as far as Swarm and we can know. */
export async function tasksThatRun<T extends TaskResponse>(
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
