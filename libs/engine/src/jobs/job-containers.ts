import { setTimeout as wait } from 'node:timers/promises';
import type { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import type { Labels } from '../client/engine-labels.js';
import { isAnyRunning, type LabelledTask } from '../services/running-tasks.js';

const POLL_MS = 120;
const STOP_TIMEOUT_MS = 60_000;

/**
 * Waits until the containers of removed jobs have stopped on all nodes; each has its grace period. Swarm lists their
 * tasks until then, even after it has removed the service.
 *
 * @param filters the filters of the task list
 * @param isIncluded selects tasks by the labels of their containers
 */
export async function waitUntilStopped(
  client: EngineClient,
  filters: Readonly<Record<string, string[]>>,
  isIncluded: (labels: Labels) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  for (;;) {
    const tasks = (await client.call((docker) => docker.listTasks({ filters }))) as LabelledTask[];
    const left = tasks.filter(({ Spec }) => isIncluded(Spec?.ContainerSpec?.Labels ?? {}));
    if (!(await isAnyRunning(client, left))) return;
    if (Date.now() > deadline) throw new EngineError('A removed job did not stop in time.');
    await wait(POLL_MS, undefined, { signal });
  }
}
