import type { PullRequestFacts } from '@nexos/domain';
import type { ProjectEntity, Transaction } from '@nexos/database';
import { openPullRequestsOf } from './open-pull-requests.js';

/** A pull request as a delivery tells it. */
export interface PullRequestState {
  readonly number: number;
  readonly headBranch: string;
  readonly headSha: string;
  /** GitHub's id of the repository of the head branch; null when that is gone. */
  readonly headRepositoryId: string | null;
  readonly baseBranch: string;
  /** Null when the delivery does not tell. */
  readonly defaultBranch: string | null;
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  readonly labels: readonly string[];
  readonly updatedAt: Date;
}

/** Where a pull request was told. */
export interface PullRequestSource {
  /** The order of receipt of the delivery. */
  readonly seq: string;
  /** The project whose own webhook it came through, which alone it concerns; null for the webhook of the installation. */
  readonly projectId: string | null;
  /** What the delivery calls GitHub's id of the repository. */
  readonly repositoryId: string;
}

/** What a delivery changed about a pull request. */
export interface PullRequestChange {
  readonly pullRequest: PullRequestState & PullRequestFacts;
  /** GitHub's id of the repository, if the delivery is believed about it. */
  readonly repositoryId: string | null;
  /** Whether no later delivery of the pull request was known. Otherwise nothing has changed. */
  readonly isNewest: boolean;
  /** The open pull requests with the same head branch before the change, by project. */
  readonly before: ReadonlyMap<string, readonly PullRequestFacts[]>;
}

/**
 * Records what a delivery tells about a pull request, unless a later one is known: by the time of its last change, then by
 * the order of receipt. Call it with the repository and the projects locked.
 */
export async function recordPullRequest(
  { manager }: Transaction,
  projects: readonly ProjectEntity[],
  told: PullRequestState,
  { seq, projectId, repositoryId }: PullRequestSource,
): Promise<PullRequestChange> {
  const isOwn = told.headRepositoryId === repositoryId;
  const headIsBase = [told.baseBranch, told.defaultBranch].includes(told.headBranch);
  const believedId = projectId === null ? repositoryId : null;
  const before = new Map<string, readonly PullRequestFacts[]>();
  for (const project of projects) {
    before.set(project.id, await openPullRequestsOf(manager, project, believedId, told.headBranch));
  }
  const recorded = await manager.query<unknown[]>(
    `INSERT INTO pull_requests AS known (project_id, repository_id, number, head_branch, head_repository_id, is_own,
       base_branch, head_is_base, state, is_draft, labels, updated_at, delivery_seq, head_sha)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (project_id, repository_id, number) DO UPDATE SET head_branch = excluded.head_branch,
       head_repository_id = excluded.head_repository_id, is_own = excluded.is_own,
       base_branch = excluded.base_branch, head_is_base = excluded.head_is_base, state = excluded.state,
       is_draft = excluded.is_draft, labels = excluded.labels, updated_at = excluded.updated_at,
       delivery_seq = excluded.delivery_seq, head_sha = excluded.head_sha
     WHERE (excluded.updated_at, excluded.delivery_seq) >= (known.updated_at, known.delivery_seq)
     RETURNING number`,
    [
      projectId ?? '',
      repositoryId,
      told.number,
      told.headBranch,
      told.headRepositoryId,
      isOwn,
      told.baseBranch,
      headIsBase,
      told.state,
      told.isDraft,
      told.labels,
      told.updatedAt,
      seq,
      told.headSha,
    ],
  );
  const pullRequest = { ...told, isOwn, headIsBase };
  return { pullRequest, repositoryId: believedId, isNewest: recorded.length > 0, before };
}
