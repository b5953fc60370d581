import type { PullRequestReview, PullRequestReviewEvent } from '@octokit/webhooks-types';
import { isCommitSha } from '@nexos/domain';
import { MalformedPayloadError } from './malformed-payload.error.js';
import {
  idAt,
  installationIdAt,
  objectAt,
  repositoryAt,
  stringAt,
  textAt,
  type Unchecked,
} from './payload-fields.js';
import { type PullRequestMoved, pullRequestAt } from './pull-request-event.js';

const LOGIN_LIMIT = 100;

/** A review of a pull request as a delivery tells it. */
export interface DeliveredReview {
  /** GitHub's id of it. */
  readonly id: string;
  /** The commit that was reviewed. */
  readonly commitSha: string;
  /** What it says about the commit. One that was dismissed, or whose author requested changes, approves nothing any more. */
  readonly verdict: 'approved' | 'withdrawn' | 'none';
  readonly reviewerId: string;
  readonly reviewerLogin: string;
}

/** The fields of a `pull_request_review` delivery that Nexos uses. */
export interface ReviewMoved extends PullRequestMoved {
  readonly review: DeliveredReview;
}

/**
 * Parses a `pull_request_review` payload.
 *
 * @returns null for an action that decides nothing, and for a review of a user who no longer exists
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review
 */
export function parseReview(payload: unknown): ReviewMoved | null {
  const event: Unchecked<PullRequestReviewEvent> = objectAt(payload, 'payload');
  if (event.action !== 'submitted' && event.action !== 'dismissed') return null;
  const review: Unchecked<PullRequestReview> = objectAt(event.review, 'review');
  if (review.user === null || review.user === undefined) return null;
  const { fullName, id, defaultBranch } = repositoryAt(event.repository);
  if (id === null) throw new MalformedPayloadError('repository.id', 'must be a positive integer');
  return {
    repository: fullName,
    repositoryId: id,
    installationId: installationIdAt(event.installation),
    pullRequest: pullRequestAt(event.pull_request, defaultBranch),
    review: reviewAt(review, event.action),
  };
}

function reviewAt(review: Unchecked<PullRequestReview>, action: 'submitted' | 'dismissed'): DeliveredReview {
  const user: Unchecked<PullRequestReview['user']> = objectAt(review.user, 'review.user');
  const commitSha = stringAt(review.commit_id, 'review.commit_id');
  if (!isCommitSha(commitSha))
    throw new MalformedPayloadError('review.commit_id', 'must be a full commit SHA');
  return {
    id: requiredId(review.id, 'review.id'),
    commitSha,
    verdict: verdictOf(action, review.state),
    reviewerId: requiredId(user.id, 'review.user.id'),
    reviewerLogin: textAt(user.login, 'review.user.login', LOGIN_LIMIT),
  };
}

function verdictOf(action: 'submitted' | 'dismissed', state: unknown): DeliveredReview['verdict'] {
  if (action === 'dismissed' || state === 'changes_requested') return 'withdrawn';
  return state === 'approved' ? 'approved' : 'none';
}

function requiredId(value: unknown, field: string): string {
  const id = idAt(value, field);
  if (id === null) throw new MalformedPayloadError(field, 'must be a positive integer');
  return String(id);
}
