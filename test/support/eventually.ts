import { setTimeout as wait } from 'node:timers/promises';

/** Long enough for a machine that is several times slower and busier than usual: only failing tests wait so long. */
export const DEADLINE_MS = 300_000;

/**
 * The bound of what should take a second or less: on a busy machine that takes several times longer, with a fault far longer
 * still. Only benchmarks measure how long something takes.
 */
export const PROMPT_MS = 10_000;

/**
 * Polls until `ask` returns something other than undefined; fails at the deadline with what was last seen.
 *
 * @param what completes "timed out waiting for …"
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  options: { deadlineMs?: number; everyMs?: number; seen?: () => unknown } = {},
): Promise<T> {
  const { deadlineMs = DEADLINE_MS, everyMs = 100, seen } = options;
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) {
      throw new Error(
        `timed out after ${deadlineMs} ms waiting for ${what}; last seen: ${JSON.stringify(seen?.())}`,
      );
    }
    await wait(everyMs);
  }
}
