import { setTimeout as wait } from 'node:timers/promises';
import type { NexosStack } from '../support/nexos/nexos-stack.js';
import type { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

const POLL_MS = 20;
const DEADLINE_MS = 60_000;

/** Returns when the URL first answered with this text, in milliseconds since the epoch. */
export async function untilAnswers(url: string, text: string): Promise<number> {
  await until(async () => (await visit(url)).body === text);
  return Date.now();
}

/** Waits until draining and removal are done, so that they do not disturb the next round. */
export function settled(nexos: NexosStack): Promise<void> {
  return until(async () => {
    const unsettled = 'SELECT count(*)::integer FROM environments WHERE generation <> observed_generation';
    return (await nexos.column<number>(unsettled))[0] === 0;
  });
}

/** Waits until only the live version runs: what stops would disturb the next turn. */
export async function stoppedOthers(
  nexos: NexosStack,
  project: TestProject,
  containers: number,
): Promise<void> {
  const { id } = await project.environment();
  await until(async () => (await nexos.containers(`dev.nexos.environment=${id}`)).length <= containers);
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not hold within ${DEADLINE_MS / 1000} s.`);
    await wait(POLL_MS);
  }
}

/** Returns the median; of an even number, the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
