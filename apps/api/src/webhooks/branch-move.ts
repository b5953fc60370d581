import { type BranchMove } from '@nexos/state';
import { NO_COMMIT } from '@nexos/domain';
import { MalformedPayloadError, parseDelete, parsePush } from '@nexos/github';
import { ApiError } from '../http/problems/api-error.js';

/** One verified delivery. */
export interface GithubDelivery {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
}

/** What a delivery says about a branch of a repository; `move` is null when it says nothing that we act on. */
export interface DeliveredMove {
  readonly repository: string | null;
  readonly installationId: string | null;
  readonly move: BranchMove | null;
}

/**
 * Reads a delivery. Events that we do not know, and pushes of tags, are recorded and moved by nothing.
 *
 * @throws {ApiError} validation, naming the field, when an event that we know is not what GitHub documents
 */
export function branchMoveOf({ event, payload }: GithubDelivery): DeliveredMove {
  try {
    if (event === 'push') return moveOfPush(payload);
    if (event === 'delete') return moveOfDelete(payload);
    return { repository: null, installationId: null, move: null };
  } catch (error) {
    if (!(error instanceof MalformedPayloadError)) throw error;
    throw new ApiError('validation', `The ${event} payload is not as GitHub documents it; see errors.`, [
      { field: error.field, message: error.message },
    ]);
  }
}

function moveOfPush(payload: unknown): DeliveredMove {
  const push = parsePush(payload);
  const deleted = push.deleted || /^0+$/.test(push.after);
  const move = {
    branch: push.branch,
    before: /^0+$/.test(push.before) ? NO_COMMIT : push.before,
    after: deleted ? NO_COMMIT : push.after,
    pushedAt: push.pushedAt,
    commit: deleted
      ? null
      : {
          sha: push.after,
          message: push.headCommit?.message ?? null,
          author: push.headCommit?.authorName ?? null,
        },
  };
  return {
    repository: push.repository,
    installationId: push.installationId === null ? null : String(push.installationId),
    move: push.refType === 'branch' ? move : null,
  };
}

function moveOfDelete(payload: unknown): DeliveredMove {
  const event = parseDelete(payload);
  const { branch, pushedAt } = event;
  return {
    repository: event.repository,
    installationId: event.installationId === null ? null : String(event.installationId),
    move:
      event.refType === 'branch' ? { branch, before: null, after: NO_COMMIT, pushedAt, commit: null } : null,
  };
}
