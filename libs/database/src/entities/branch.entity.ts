import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/**
 * The head of a branch according to the newest accepted push. Outlives the environments of the branch. Pull requests of forks may have
 * a row too, by the name of their environment and without a head.
 */
@Entity('branches')
@Index('branches_in_doubt_idx', ['inDoubtSince'], { where: 'in_doubt_since IS NOT NULL' })
@Index('branches_deploy_due_idx', ['projectId'], { where: 'deploy_due' })
@Unique('branches_project_id_name_key', ['projectId', 'name'])
export class BranchEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  name!: string;

  /** All zeros after the branch was deleted. */
  @Column('text', { name: 'head_sha' })
  headSha!: string;

  @Column('text', { name: 'before_sha' })
  beforeSha!: string;

  @Column('timestamptz', { name: 'pushed_at', nullable: true })
  pushedAt!: Date | null;

  /** Set while the head of the branch is in doubt, until a lookup on the remote. */
  @Column('timestamptz', { name: 'in_doubt_since', nullable: true })
  inDoubtSince!: Date | null;

  /** Time of the newest push that caused the doubt. */
  @Column('timestamptz', { name: 'doubted_pushed_at', nullable: true })
  doubtedPushedAt!: Date | null;

  /**
   * Whether the head is to be deployed even if it is known: while in doubt, because of a pull request or of a pause that has
   * ended; otherwise once the deploys of the project are resumed.
   */
  @Column('boolean', { name: 'deploy_due', default: false })
  deployDue!: boolean;

  /** Time of the last lookup on the remote. */
  @Column('timestamptz', { name: 'asked_at', nullable: true })
  askedAt!: Date | null;

  /** Since when checks have not found the branch, which has an environment, on the remote, or its pull request open. */
  @Column('timestamptz', { name: 'missing_since', nullable: true })
  missingSince!: Date | null;
}
