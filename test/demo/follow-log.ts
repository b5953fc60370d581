import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from '../support/nexos/api-client.js';

const RETRIES = 5;
const RETRY_MS = 500;

/**
 * Follows a deployment's log over server-sent events to its end, resuming after the last line when the connection
 * breaks off.
 *
 * @returns the deployment's final status
 */
export async function followLog(
  api: ApiClient,
  deploymentId: string,
  print: (line: string) => void,
): Promise<string> {
  let last: string | undefined;
  let problem = 'the connection broke off';
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    if (attempt > 0) await wait(RETRY_MS);
    try {
      for await (const { id, event, data } of api.follow(deploymentId, last)) {
        if (event === 'end') return String(data.status);
        last = id ?? last;
        print(String(data.text));
      }
    } catch (error) {
      problem = (error as Error).message;
    }
  }
  throw new Error(`Could not read the build log to its end: ${problem}.`);
}
