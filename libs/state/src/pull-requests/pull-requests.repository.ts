import type { PullRequestFacts } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { openPullRequestsOf } from './open-pull-requests.js';

/** A pull request as a delivery tells it. */
export interface PullRequestState {
  readonly number: number;
  readonly headBranch: string;
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

/** What a delivery changed about a pull request. */
export interface PullRequestChange {
  readonly pullRequest: PullRequestState & PullRequestFacts;
  /** Whether no later delivery of the pull request was known. Otherwise nothing has changed. */
  readonly isNewest: boolean;
  /** The open pull requests with the same head branch, before and after. */
  readonly before: readonly PullRequestFacts[];
  readonly after: readonly PullRequestFacts[];
}

/** Pull requests, by GitHub's ids of repositories, which names do not change. */
@Injectable()
export class PullRequestsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Records what a delivery tells about a pull request, unless a later one is known: by the time of its last change, then by
   * the order of receipt. Call it with the repository locked.
   *
   * @param seq the order of receipt of the delivery
   */
  async record(repositoryId: string, told: PullRequestState, seq: string): Promise<PullRequestChange> {
    const { manager } = this.unitOfWork;
    const headIsBase = [told.baseBranch, told.defaultBranch].includes(told.headBranch);
    const before = await openPullRequestsOf(manager, repositoryId, told.headBranch);
    const recorded = await manager.query<unknown[]>(
      `INSERT INTO pull_requests AS known (repository_id, number, head_branch, head_repository_id, base_branch,
           head_is_base, state, is_draft, labels, updated_at, delivery_seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (repository_id, number) DO UPDATE SET head_branch = excluded.head_branch,
           head_repository_id = excluded.head_repository_id, base_branch = excluded.base_branch,
           head_is_base = excluded.head_is_base, state = excluded.state, is_draft = excluded.is_draft,
           labels = excluded.labels, updated_at = excluded.updated_at, delivery_seq = excluded.delivery_seq
         WHERE (excluded.updated_at, excluded.delivery_seq) >= (known.updated_at, known.delivery_seq)
         RETURNING number`,
      [
        repositoryId,
        told.number,
        told.headBranch,
        told.headRepositoryId,
        told.baseBranch,
        headIsBase,
        told.state,
        told.isDraft,
        told.labels,
        told.updatedAt,
        seq,
      ],
    );
    const isNewest = recorded.length > 0;
    const after = isNewest ? await openPullRequestsOf(manager, repositoryId, told.headBranch) : before;
    const pullRequest = { ...told, isOwn: told.headRepositoryId === repositoryId, headIsBase };
    return { pullRequest, isNewest, before, after };
  }
}
