import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks again and again until an answer comes that is not undefined, and fails at the deadline with what was
 * last seen.
 *
 * @param what completes "waited in vain for …"
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  options: { deadlineMs?: number; everyMs?: number; seen?: () => unknown } = {},
): Promise<T> {
  const { deadlineMs = 60_000, everyMs = 100, seen } = options;
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) {
      throw new Error(`waited ${deadlineMs} ms in vain for ${what}; last seen: ${JSON.stringify(seen?.())}`);
    }
    await wait(everyMs);
  }
}
