import { setTimeout as wait } from 'node:timers/promises';

/**
 * Polls a condition until it holds.
 *
 * @returns false when the deadline passes first
 * @throws the signal's reason once it is aborted
 */
export async function waitUntil(
  condition: () => Promise<boolean>,
  times: { everyMs: number; deadlineMs: number },
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + times.deadlineMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await wait(times.everyMs, undefined, { signal });
  }
  return true;
}
