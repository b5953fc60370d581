import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/**
 * `pending` until GitHub says whether the reviewer may approve. `withdrawn`: it was dismissed, or the reviewer requested
 * changes.
 */
export type ForkApprovalStatus = 'pending' | 'granted' | 'denied' | 'withdrawn';

/** A review that approves one commit of a fork's pull request. */
@Entity('fork_approvals')
@Unique('fork_approvals_review_key', ['repositoryId', 'reviewId'])
@Index('fork_approvals_commit_idx', ['repositoryId', 'number', 'commitSha'])
@Index('fork_approvals_due_idx', ['nextAt'], { where: `status = 'pending'` })
export class ForkApprovalEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** GitHub's id of the repository that the pull request would be merged into. */
  @Column('bigint', { name: 'repository_id' })
  repositoryId!: string;

  /** `owner/name` of it. */
  @Column('text')
  repository!: string;

  @Column('bigint', { name: 'installation_id' })
  installationId!: string;

  /** GitHub's id of the review. */
  @Column('bigint', { name: 'review_id' })
  reviewId!: string;

  /** The number of the pull request. */
  @Column('integer')
  number!: number;

  @Column('text', { name: 'commit_sha' })
  commitSha!: string;

  /** GitHub's id of the reviewer. */
  @Column('bigint', { name: 'reviewer_id' })
  reviewerId!: string;

  @Column('text', { name: 'reviewer_login' })
  reviewerLogin!: string;

  @Column('text')
  status!: ForkApprovalStatus;

  /** Failed questions in a row. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** Why the last question failed; null after an answer. */
  @Column('text', { nullable: true })
  error!: string | null;

  /** When GitHub is asked next. */
  @Column('timestamptz', { name: 'next_at', default: () => 'now()' })
  nextAt!: Date;

  @Index('fork_approvals_updated_at_idx')
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
