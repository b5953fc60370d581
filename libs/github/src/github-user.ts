import { GithubUnavailableError } from './sign-in.errors.js';

/** A user of GitHub who has signed in. */
export interface GithubUser {
  /** GitHub's number of the user; unlike the login it never changes. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly avatarUrl: string | null;
}

const LONGEST = 500;

/**
 * Takes what is needed of a user as the API describes them.
 *
 * @throws {GithubUnavailableError} when it is no user
 */
export function parseUser(data: unknown): GithubUser {
  const { id, login, name, email, avatar_url: avatar } = (data ?? {}) as Record<string, unknown>;
  const knownLogin = textOf(login);
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || knownLogin === null) {
    throw new GithubUnavailableError('GitHub answered something that is no user.');
  }
  return {
    id: String(id),
    login: knownLogin,
    name: textOf(name) ?? knownLogin,
    email: textOf(email),
    avatarUrl: textOf(avatar),
  };
}

/** The address that the user is reached at, if it was verified. */
export function primaryEmail(data: unknown): string | null {
  const all = (Array.isArray(data) ? data : []) as Record<string, unknown>[];
  return textOf(all.find(({ primary, verified }) => primary === true && verified === true)?.email);
}

/** A text that Postgres can keep: no control characters, of bounded length, or nothing. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, LONGEST);
  return text === '' ? null : text;
}
