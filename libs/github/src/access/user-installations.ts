import type { Octokit } from '@octokit/core';

/** How long a sign-in waits for the list, in milliseconds. */
const TIMEOUT = 3_000;
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/**
 * Lists the installations of the App that a user can use, with the user's token.
 *
 * @param appId the id of the configured App: the token may be one of another App
 * @throws an error of Octokit, with the status 403 for a token of an OAuth App
 * @see https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token
 */
export async function installationsOf(octokit: Octokit, appId: number): Promise<string[]> {
  const signal = AbortSignal.timeout(TIMEOUT);
  const ids: string[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await octokit.request('GET /user/installations', {
      per_page: PAGE_SIZE,
      page,
      request: { signal },
    });
    const found = listOf(data);
    ids.push(...found.filter((one) => one.app_id === appId).map(({ id }) => String(id)));
    if (found.length < PAGE_SIZE) break;
  }
  return ids;
}

/** @throws {TypeError} when the answer is no list of installations, such as one that was cut off */
function listOf(data: unknown): readonly { readonly id: number; readonly app_id: number }[] {
  const { installations } = Object(data) as { installations?: unknown };
  const isList =
    Array.isArray(installations) &&
    installations.every((one) => Number.isSafeInteger((Object(one) as { id?: unknown }).id));
  if (!isList) throw new TypeError('GitHub answered with something other than installations.');
  return installations as { id: number; app_id: number }[];
}
