// @ts-check
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is not `undefined`.
 *
 * @template T
 * @param {() => Promise<T | undefined>} ask
 * @param {{ deadlineMs: number, everyMs?: number }} options
 * @returns {Promise<T | undefined>} `undefined` when the deadline has passed
 */
export async function waitUntil(ask, { deadlineMs, everyMs = 100 }) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= end) return undefined;
    await delay(everyMs);
  }
}
