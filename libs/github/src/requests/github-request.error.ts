import { retryAfterMs } from '@nexos/domain';

/**
 * How a request to GitHub failed:
 * - `limited`: GitHub asks for fewer requests; try again after `retryAfterMs`;
 * - `unavailable`: no answer, or not a final one; try again;
 * - `refused`: the same request will be refused again;
 * - `missing`: GitHub does not have it, or no longer.
 */
export type GithubRequestFailure = 'limited' | 'unavailable' | 'refused' | 'missing';

/** Where a request failed, and what it needs. */
export interface FailedRequest {
  /** Whether the request was for a token. */
  readonly isForToken: boolean;
  /** `owner/name` */
  readonly repository: string;
  /** The permission of the App that it needs, such as `checks`; null for a request about the App itself. */
  readonly permission: string | null;
}

/** The headers of a response, by their names in lower case. */
type Headers = Readonly<Record<string, string | number | undefined>>;

interface ErrorResponse {
  readonly status?: unknown;
  readonly response?: { readonly headers?: Headers };
}

/** How long to wait if GitHub limits requests without saying how long. */
const DEFAULT_WAIT_MS = 60_000;
const MAX_DETAILS = 200;
const REJECTED: readonly number[] = [400, 409, 422];

/** A request to GitHub failed. The message is for people, and contains no secret. */
export class GithubRequestError extends Error {
  constructor(
    readonly kind: GithubRequestFailure,
    message: string,
    /** How long GitHub asks to wait; null if it does not say. */
    readonly retryAfterMs: number | null = null,
    /** Whether GitHub no longer accepts the token. */
    readonly isTokenStale = false,
  ) {
    super(message);
    this.name = 'GithubRequestError';
  }
}

/**
 * Classifies an error of Octokit. It has a response only if GitHub answered; without one its status means nothing.
 *
 * @param now milliseconds since the epoch
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function githubRequestError(error: unknown, failed: FailedRequest, now: number): GithubRequestError {
  if (error instanceof GithubRequestError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { status, response } = Object(error) as ErrorResponse;
  if (typeof status !== 'number' || response === undefined) {
    return new GithubRequestError('unavailable', `GitHub did not answer: ${cut(message)}`);
  }
  const headers = response.headers ?? {};
  const waitMs = waitMsOf(headers, now);
  if (isLimit(status, headers, message)) {
    return new GithubRequestError(
      'limited',
      'GitHub limits the rate of requests.',
      waitMs ?? DEFAULT_WAIT_MS,
    );
  }
  return failed.isForToken
    ? tokenError(status, message, failed, waitMs)
    : callError(status, message, failed, waitMs);
}

function tokenError(
  status: number,
  message: string,
  { repository, permission }: FailedRequest,
  waitMs: number | null,
): GithubRequestError {
  if (status === 401) {
    const text =
      'GitHub does not accept the credentials of the App. Operators see with GET /api/github/app where they come from.';
    return new GithubRequestError('unavailable', text, waitMs);
  }
  if (status === 403) return refused(`The installation of the GitHub App cannot be used: ${cut(message)}`);
  if (status === 404 || status === 410) return refused('The GitHub App is no longer installed there.');
  if (status === 422) {
    return refused(
      `The GitHub App has no access to ${repository}, or lacks the permission "${permission}: write". Grant it in the App's settings and accept it in the installation's.`,
    );
  }
  return new GithubRequestError('unavailable', answered(status, message), waitMs);
}

function callError(
  status: number,
  message: string,
  { repository, permission }: FailedRequest,
  waitMs: number | null,
): GithubRequestError {
  if (status === 401) {
    return new GithubRequestError('unavailable', 'GitHub no longer accepts the token.', waitMs, true);
  }
  if (status === 403 && permission === null) {
    return refused(`GitHub refuses this to the App: ${cut(message)}. Check the App's settings on GitHub.`);
  }
  if (status === 403) {
    return refused(
      `The GitHub App may not use ${permission} of ${repository}: ${cut(message)}. Grant it in the App's settings and accept it in the installation's.`,
    );
  }
  if (status === 404 || status === 410) {
    return new GithubRequestError('missing', `GitHub does not have it: ${cut(message)}`);
  }
  if (REJECTED.includes(status)) return refused(answered(status, message));
  return new GithubRequestError('unavailable', answered(status, message), waitMs);
}

function refused(message: string): GithubRequestError {
  return new GithubRequestError('refused', message);
}

function answered(status: number, message: string): string {
  return `GitHub answered ${status}: ${cut(message)}`;
}

/** Primary limits have no requests remaining; secondary ones may say so only in the message. */
function isLimit(status: number, headers: Headers, message: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const isSpent = String(headers['x-ratelimit-remaining']) === '0';
  return isSpent || headers['retry-after'] !== undefined || /rate limit|abuse/i.test(message);
}

/** Returns how long GitHub asks to wait, by its own clock. */
function waitMsOf(headers: Headers, now: number): number | null {
  const date = typeof headers.date === 'string' ? Date.parse(headers.date) : NaN;
  const there = Number.isNaN(date) ? now : date;
  const after = headers['retry-after'];
  if (after !== undefined) return retryAfterMs(String(after), there);
  const reset = String(headers['x-ratelimit-reset'] ?? '');
  if (String(headers['x-ratelimit-remaining']) !== '0' || !/^\d{1,12}$/.test(reset)) return null;
  return Math.max(Number(reset) * 1_000 - there, 1_000);
}

/** Leaves out what Octokit adds: the address of the documentation. */
function cut(message: string): string {
  return message.replace(/ - https:\/\/\S+$/, '').slice(0, MAX_DETAILS);
}
