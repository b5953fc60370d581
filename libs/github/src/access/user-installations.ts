import type { Octokit } from '@octokit/core';
import type { InstallationOwner } from '../installation-event.js';

/** How long a sign-in waits for the list, in milliseconds. */
const TIMEOUT = 3_000;
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/** An installation that a user can use. */
export interface UserInstallation {
  readonly id: string;
  /** Null if GitHub does not tell. */
  readonly owner: InstallationOwner | null;
}

/**
 * Lists the installations of the App that a user can use, with the user's token.
 *
 * @param appId the id of the configured App: the token may be one of another App
 * @throws an error of Octokit, with the status 403 for a token of an OAuth App
 * @see https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token
 */
export async function installationsOf(octokit: Octokit, appId: number): Promise<UserInstallation[]> {
  const signal = AbortSignal.timeout(TIMEOUT);
  const installations: UserInstallation[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await octokit.request('GET /user/installations', {
      per_page: PAGE_SIZE,
      page,
      request: { signal },
    });
    const found = listOf(data);
    const ofApp = found.filter((one) => one.app_id === appId);
    installations.push(...ofApp.map(({ id, account }) => ({ id: String(id), owner: ownerOf(account) })));
    if (found.length < PAGE_SIZE) break;
  }
  return installations;
}

interface Listed {
  readonly id: number;
  readonly app_id: number;
  readonly account?: unknown;
}

/** @throws {TypeError} when the answer is no list of installations, such as one that was cut off */
function listOf(data: unknown): readonly Listed[] {
  const { installations } = Object(data) as { installations?: unknown };
  const isList =
    Array.isArray(installations) &&
    installations.every((one) => Number.isSafeInteger((Object(one) as { id?: unknown }).id));
  if (!isList) throw new TypeError('GitHub answered with something other than installations.');
  return installations as Listed[];
}

/** Enterprises have a slug in place of a login. */
function ownerOf(account: unknown): InstallationOwner | null {
  const { id, login, slug, type } = Object(account) as Record<string, unknown>;
  const name = login ?? slug;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || typeof name !== 'string') return null;
  return { id: String(id), login: name, type: typeof type === 'string' ? type : 'User' };
}
