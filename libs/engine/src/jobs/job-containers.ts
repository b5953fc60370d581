import { setTimeout as wait } from 'node:timers/promises';
import type { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import type { Labels } from '../client/engine-labels.js';
import { doesAnyRun, type LabelledTask } from '../services/tasks-that-run.js';

const LOOK_EVERY_MS = 120;
const STOPPING_MS = 60_000;

/**
 * Waits until no container runs any more of jobs that were taken away, on whichever node: each has its grace period. Swarm
 * knows their tasks until then, also when their service is gone already.
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
    const left = tasks.filter(({ Spec }) => isMeant(Spec?.ContainerSpec?.Labels ?? {}));
    if (!(await doesAnyRun(client, left))) return;
    if (Date.now() > deadline) throw new EngineError('A job that was taken away does not stop.');
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}
