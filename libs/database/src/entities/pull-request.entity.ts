import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A pull request of a repository that projects use, as its newest delivery tells it. */
@Entity('pull_requests')
@Index('pull_requests_head_idx', ['headBranch', 'repositoryId'], { where: `state = 'open'` })
@Index('pull_requests_closed_idx', ['updatedAt'], { where: `state = 'closed'` })
export class PullRequestEntity {
  /** The project whose own webhook told it, which alone it concerns; empty for the webhook of the installation. */
  @PrimaryColumn('text', { name: 'project_id' })
  projectId!: string;

  /** GitHub's id of the repository that it would be merged into. */
  @PrimaryColumn('bigint', { name: 'repository_id' })
  repositoryId!: string;

  @PrimaryColumn('integer')
  number!: number;

  @Column('text', { name: 'head_branch' })
  headBranch!: string;

  /** Its newest commit; null if an earlier version of Nexos recorded it. */
  @Column('text', { name: 'head_sha', nullable: true })
  headSha!: string | null;

  /** GitHub's id of the repository of the head branch; null when that is gone. */
  @Column('bigint', { name: 'head_repository_id', nullable: true })
  headRepositoryId!: string | null;

  /** Its head branch is in the same repository. */
  @Column('boolean', { name: 'is_own' })
  isOwn!: boolean;

  @Column('text', { name: 'base_branch' })
  baseBranch!: string;

  /** Its head branch has the name of its base branch or of the default branch. */
  @Column('boolean', { name: 'head_is_base' })
  headIsBase!: boolean;

  @Column('text')
  state!: 'open' | 'closed';

  @Column('boolean', { name: 'is_draft' })
  isDraft!: boolean;

  @Column('text', { array: true })
  labels!: string[];

  /** GitHub's time of its last change, to the second. */
  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  /** The order of receipt of the newest delivery, which decides between two of the same second. */
  @Column('bigint', { name: 'delivery_seq' })
  deliverySeq!: string;
}
