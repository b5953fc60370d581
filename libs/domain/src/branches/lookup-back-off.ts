import type { RemoteFailureCode } from '../deployments/remote-failure.js';

const FIRST_MS = 15_000;
const LONGEST_MS = 3_600_000;

/**
 * Returns the milliseconds until a repository may be asked again where its branches stand, after so many questions in a
 * row that it did not answer. A host that is away is asked every 15 s: it comes back by itself. One that denies access,
 * or does not know the repository, is asked after 15 s, 30 s and so on up to an hour: somebody has to change something.
 */
export function lookupBackOffMs(code: RemoteFailureCode, failures: number): number {
  if (code !== 'repository_access_denied') return FIRST_MS;
  return Math.min(FIRST_MS * 2 ** Math.max(failures - 1, 0), LONGEST_MS);
}
