import type { Label, PullRequest as PullRequestPayload, PullRequestEvent } from '@octokit/webhooks-types';
import { isCommitSha } from '@nexos/domain';
import { checkedName } from './git-ref.js';
import { MalformedPayloadError } from './malformed-payload.error.js';
import {
  booleanAt,
  idAt,
  installationIdAt,
  objectAt,
  repositoryAt,
  stringAt,
  textAt,
  timeAt,
  type Unchecked,
} from './payload-fields.js';

/** The actions after which a branch may have to be deployed or destroyed. */
const ACTIONS: readonly unknown[] = [
  'opened',
  'reopened',
  'synchronize',
  'closed',
  'labeled',
  'unlabeled',
  'ready_for_review',
  'converted_to_draft',
];
/** GitHub allows 100 labels of 50 characters. */
const MAX_LABELS = 200;
const LABEL_LIMIT = 255;
/** The largest value of PostgreSQL's integer. */
const MAX_NUMBER = 2_147_483_647;

/** A pull request as a delivery tells it. */
export interface DeliveredPullRequest {
  readonly number: number;
  readonly headBranch: string;
  readonly headSha: string;
  /** GitHub's id of the repository of the head branch; null when that is gone. */
  readonly headRepositoryId: string | null;
  readonly baseBranch: string;
  /** The default branch of the repository that it would be merged into; null when the delivery does not tell. */
  readonly defaultBranch: string | null;
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  readonly labels: readonly string[];
  /** To the second. */
  readonly updatedAt: Date;
}

/** The fields of a `pull_request` delivery that Nexos uses. */
export interface PullRequestMoved {
  /** `owner/name` of the repository that it would be merged into. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly installationId: number | null;
  readonly pullRequest: DeliveredPullRequest;
}

/**
 * Parses a `pull_request` payload.
 *
 * @returns null for an action that decides nothing
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
 */
export function parsePullRequest(payload: unknown): PullRequestMoved | null {
  const event: Unchecked<PullRequestEvent> = objectAt(payload, 'payload');
  if (!ACTIONS.includes(event.action)) return null;
  const { fullName, id, defaultBranch } = repositoryAt(event.repository);
  if (id === null) throw new MalformedPayloadError('repository.id', 'must be a positive integer');
  return {
    repository: fullName,
    repositoryId: id,
    installationId: installationIdAt(event.installation),
    pullRequest: pullRequestAt(event.pull_request, defaultBranch),
  };
}

/** Returns what a payload says about a pull request. */
export function pullRequestAt(value: unknown, defaultBranch: string | null): DeliveredPullRequest {
  const pullRequest: Unchecked<PullRequestPayload> = objectAt(value, 'pull_request');
  const head: Unchecked<PullRequestPayload['head']> = objectAt(pullRequest.head, 'pull_request.head');
  const base: Unchecked<PullRequestPayload['base']> = objectAt(pullRequest.base, 'pull_request.base');
  const headSha = stringAt(head.sha, 'pull_request.head.sha');
  if (!isCommitSha(headSha)) {
    throw new MalformedPayloadError('pull_request.head.sha', 'must be a full commit SHA');
  }
  return {
    number: numberAt(pullRequest.number, 'pull_request.number'),
    headBranch: checkedName(stringAt(head.ref, 'pull_request.head.ref'), 'pull_request.head.ref'),
    headSha,
    headRepositoryId: headRepositoryAt(head.repo),
    baseBranch: checkedName(stringAt(base.ref, 'pull_request.base.ref'), 'pull_request.base.ref'),
    defaultBranch,
    state: stateAt(pullRequest.state),
    isDraft: pullRequest.draft === undefined ? false : booleanAt(pullRequest.draft, 'pull_request.draft'),
    labels: labelsAt(pullRequest.labels),
    updatedAt: updatedAt(pullRequest.updated_at),
  };
}

function numberAt(value: unknown, field: string): number {
  const number = idAt(value, field);
  if (number === null || number > MAX_NUMBER) {
    throw new MalformedPayloadError(field, `must be a positive integer up to ${MAX_NUMBER}`);
  }
  return number;
}

function headRepositoryAt(value: unknown): string | null {
  if (value === null) return null;
  const { id } = objectAt(value, 'pull_request.head.repo');
  const repositoryId = idAt(id, 'pull_request.head.repo.id');
  return repositoryId === null ? null : String(repositoryId);
}

function stateAt(value: unknown): 'open' | 'closed' {
  if (value === 'open' || value === 'closed') return value;
  throw new MalformedPayloadError('pull_request.state', 'must be "open" or "closed"');
}

function labelsAt(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new MalformedPayloadError('pull_request.labels', 'must be a list');
  return value.slice(0, MAX_LABELS).map((one: unknown) => {
    const label: Unchecked<Label> = objectAt(one, 'pull_request.labels');
    return textAt(label.name, 'pull_request.labels.name', LABEL_LIMIT);
  });
}

function updatedAt(value: unknown): Date {
  const time = timeAt(value, 'pull_request.updated_at');
  if (time === null) throw new MalformedPayloadError('pull_request.updated_at', 'must be a valid time');
  return time;
}
