import { isCommitSha } from '@nexos/domain';
import type { Commit, PushEvent as PushPayload } from '@octokit/webhooks-types';
import { parseFullRef, type RefType } from './git-ref.js';
import { MalformedPayloadError } from './malformed-payload.error.js';
import {
  booleanAt,
  installationIdAt,
  objectAt,
  repositoryAt,
  stringAt,
  textAt,
  type Unchecked,
} from './payload-fields.js';

/** A mark anywhere in the message counts. */
const MESSAGE_LIMIT = 1_000_000;
const AUTHOR_LIMIT = 255;

/** The fields of a `push` delivery that Nexos uses. */
export interface PushEvent {
  /** `owner/name` */
  readonly repository: string;
  readonly repositoryId: string | null;
  readonly refType: RefType;
  /** The name of the branch (or tag) without `refs/heads/`. */
  readonly branch: string;
  /** All zeros when the push created the ref. */
  readonly before: string;
  /** All zeros when the push deleted the ref. */
  readonly after: string;
  readonly created: boolean;
  readonly deleted: boolean;
  /** Time of the last push to the repository, to the second. */
  readonly pushedAt: Date | null;
  readonly headCommit: PushedCommit | null;
  /** The GitHub App installation that the delivery came through, if any. */
  readonly installationId: number | null;
}

export interface PushedCommit {
  readonly sha: string;
  /** At most 1,000,000 UTF-16 units. */
  readonly message: string;
  /** At most 255 characters. */
  readonly authorName: string;
}

/**
 * Parses a `push` payload.
 *
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
 */
export function parsePush(payload: unknown): PushEvent {
  const push: Unchecked<PushPayload> = objectAt(payload, 'payload');
  const repository = repositoryAt(push.repository);
  const { refType, name } = parseFullRef(stringAt(push.ref, 'ref'), 'ref');
  return {
    repository: repository.fullName,
    repositoryId: repository.id,
    refType,
    branch: name,
    before: shaAt(push.before, 'before'),
    after: shaAt(push.after, 'after'),
    created: booleanAt(push.created, 'created'),
    deleted: booleanAt(push.deleted, 'deleted'),
    pushedAt: repository.pushedAt,
    headCommit: headCommitAt(push.head_commit),
    installationId: installationIdAt(push.installation),
  };
}

function headCommitAt(value: unknown): PushedCommit | null {
  if (value === undefined || value === null) return null;
  const commit: Unchecked<Commit> = objectAt(value, 'head_commit');
  const author: Unchecked<Commit['author']> = objectAt(commit.author, 'head_commit.author');
  return {
    sha: shaAt(commit.id, 'head_commit.id'),
    message: textAt(commit.message, 'head_commit.message', MESSAGE_LIMIT),
    authorName: textAt(author.name, 'head_commit.author.name', AUTHOR_LIMIT),
  };
}

function shaAt(value: unknown, field: string): string {
  const sha = stringAt(value, field);
  if (!isCommitSha(sha)) throw new MalformedPayloadError(field, 'must be a full commit SHA');
  return sha;
}
