import type { UserInstallation } from './access/user-installations.js';
import { GithubUnavailableError } from './sign-in.errors.js';

/** A GitHub user who has signed in. */
export interface GithubUser {
  /** GitHub's numeric id of the user, which never changes, unlike the login. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly avatarUrl: string | null;
}

/** A user who has signed in, with the installations of the App that the user can use. */
export interface SignedInUser extends GithubUser {
  /** Null if GitHub did not tell. */
  readonly installations: readonly UserInstallation[] | null;
}

const LONGEST = 500;

/**
 * Parses a user from the GitHub API.
 *
 * @throws {GithubUnavailableError} when the response is not a user
 */
export function parseUser(data: unknown): GithubUser {
  const { id, login, name, email, avatar_url: avatar } = (data ?? {}) as Record<string, unknown>;
  const knownLogin = textOf(login);
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || knownLogin === null) {
    throw new GithubUnavailableError('GitHub responded with something other than a user.');
  }
  return {
    id: String(id),
    login: knownLogin,
    name: textOf(name) ?? knownLogin,
    email: textOf(email),
    avatarUrl: textOf(avatar),
  };
}

/** Returns the primary email address if it is verified. */
export function primaryEmail(data: unknown): string | null {
  const all = (Array.isArray(data) ? data : []) as Record<string, unknown>[];
  return textOf(all.find(({ primary, verified }) => primary === true && verified === true)?.email);
}

/** Returns text that Postgres can store: bounded, without control characters; null when empty or not text. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, LONGEST);
  return text === '' ? null : text;
}
