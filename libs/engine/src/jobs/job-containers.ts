import { setTimeout as wait } from 'node:timers/promises';
import type { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import type { Labels } from '../client/engine-labels.js';
import { type TaskResponse, isOver } from '../services/service-tasks.js';

const LOOK_EVERY_MS = 120;
const STOPPING_MS = 60_000;

interface LabelledTask extends TaskResponse {
  readonly Spec?: { readonly ContainerSpec?: { readonly Labels?: Labels } };
}

/**
 * Waits until no container runs any more of jobs that were taken away, on whichever node: each has its grace period. Swarm
 * knows their tasks until then, also when their service is gone already. A node that is down runs nothing, as far as Swarm
 * and we can know.
 *
 * @param filters such as tasks are asked for by
 * @param isMeant which of them, by the labels of their containers
 */
export async function untilStopped(
  client: EngineClient,
  filters: Readonly<Record<string, string[]>>,
  isMeant: (labels: Labels) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + STOPPING_MS;
  for (;;) {
    const tasks = (await client.call((docker) => docker.listTasks({ filters }))) as LabelledTask[];
    const left = tasks.filter(
      ({ Spec, NodeID = '', Status }) =>
        NodeID !== '' && !isOver(Status.State) && isMeant(Spec?.ContainerSpec?.Labels ?? {}),
    );
    if (left.length === 0 || !(await isAnyUp(client, left))) return;
    if (Date.now() > deadline) throw new EngineError('A job that was taken away does not stop.');
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function isAnyUp(client: EngineClient, tasks: readonly TaskResponse[]): Promise<boolean> {
  const nodes = (await client.call((docker) => docker.listNodes())) as {
    ID: string;
    Status?: { State?: string };
  }[];
  return tasks.some(({ NodeID }) =>
    nodes.some(({ ID, Status }) => ID === NodeID && Status?.State !== 'down'),
  );
}
