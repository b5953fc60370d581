import type { RemoteFailureCode } from '../deployments/remote-failure.js';

const FIRST_MS = 15_000;
const LONGEST_MS = 3_600_000;

/**
 * Returns the milliseconds to wait before the next branch lookup after `failures` failed ones in a row. An unreachable
 * host is retried every 15 s, because it recovers on its own. A host that denies access or does not know the repository
 * is retried after 15 s, 30 s and so on up to an hour, because somebody must change something first.
 */
export function lookupBackOffMs(code: RemoteFailureCode, failures: number): number {
  if (code !== 'repository_access_denied') return FIRST_MS;
  return Math.min(FIRST_MS * 2 ** Math.max(failures - 1, 0), LONGEST_MS);
}
