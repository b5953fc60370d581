import { GithubAccess, GithubRequestError, UnreadableAppError } from '@nexos/github';
import { Injectable, Logger } from '@nestjs/common';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { ApiError } from '../http/problems/api-error.js';

/** A request waits this long for GitHub, in milliseconds. */
const WAIT_MS = 8_000;
/** Requests that wait for GitHub at the same time, in all and for one account. */
const MAX_WAITING = 32;
const MAX_WAITING_EACH = 8;

/** Asks GitHub on behalf of a request, and reports as an `ApiError` when it cannot. */
@Injectable()
export class GithubAvailability {
  private readonly logger = new Logger(GithubAvailability.name);
  private readonly waiting = new ConcurrencyLimit(MAX_WAITING, MAX_WAITING_EACH);

  constructor(private readonly github: GithubAccess) {}

  /** Whether there is a GitHub App. */
  isConfigured(): Promise<boolean> {
    return this.github.isConfigured();
  }

  /** @throws {ApiError} not-found, without a GitHub App */
  async assertConfigured(): Promise<void> {
    if (await this.isConfigured()) return;
    throw new ApiError(
      'not-found',
      'No GitHub App is configured. The operator can create one with POST /api/github/app-manifest.',
    );
  }

  /**
   * Runs `work` with a deadline for all that it asks of GitHub.
   *
   * @throws {ApiError} service-unavailable, while GitHub does not answer or limits requests
   */
  async ask<Answer>(
    accountId: string,
    work: (github: GithubAccess, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.waiting.isFull || this.waiting.isFullFor(accountId)) {
      throw new ApiError(
        'service-unavailable',
        'Too many requests are waiting for GitHub. Try again in a moment.',
      );
    }
    const end = this.waiting.begin(accountId);
    try {
      return await work(this.github, AbortSignal.timeout(WAIT_MS));
    } catch (error) {
      if (!(error instanceof GithubRequestError) || error instanceof UnreadableAppError) throw error;
      throw this.problemOf(error);
    } finally {
      end();
    }
  }

  private problemOf({ kind, message, retryAfterMs }: GithubRequestError): ApiError {
    this.logger.warn(message);
    const seconds = retryAfterMs === null ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1_000));
    const detail =
      kind === 'limited'
        ? 'GitHub limits the requests of Nexos at the moment. Try again after the time in Retry-After.'
        : 'GitHub does not answer at the moment. Try again.';
    return new ApiError('service-unavailable', detail, [], [], seconds);
  }
}
