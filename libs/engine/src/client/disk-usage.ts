import { setTimeout as wait } from 'node:timers/promises';
import { withDeadline } from '@nexos/config';
import type { EngineClient } from './engine-client.js';
import { EngineRejectedError } from './engine-errors.js';
import { requestJson } from './request-json.js';

/** How long it may take in milliseconds: before API 1.42 the engine always reads every file of every volume. */
const DEADLINE_MS = 300_000;
const PAUSE_MS = 200;
/** How Docker Engine 20.10 refuses a second request meanwhile, from any client. */
const BUSY = 'a disk usage operation is already running';

/**
 * Measures what the engine keeps on its disk, after other such requests, which it serves one at a time.
 *
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemDataUsage
 *
 * @param type from API 1.42 on, all that is measured; before, the engine ignores it
 * @throws {EngineError} among others when another request still runs after five minutes
 */
export async function diskUsage(
  client: EngineClient,
  type: 'build-cache' | 'volume',
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const abortSignal = withDeadline(signal, DEADLINE_MS);
  for (;;) {
    try {
      return await requestJson(client, 'GET', '/system/df?', { type }, abortSignal);
    } catch (error) {
      if (!isBusy(error) || abortSignal.aborted) throw error;
      await wait(PAUSE_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof EngineRejectedError && error.message.includes(BUSY);
}
