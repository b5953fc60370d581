import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** Where a branch stands, as the newest push that was taken told it. It outlives the branch's environments. */
@Entity('branches')
@Index('branches_in_doubt_idx', ['inDoubtSince'], { where: 'in_doubt_since IS NOT NULL' })
@Unique('branches_project_id_name_key', ['projectId', 'name'])
export class BranchEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  name!: string;

  /** All zeros once the branch was deleted. */
  @Column('text', { name: 'head_sha' })
  headSha!: string;

  @Column('text', { name: 'before_sha' })
  beforeSha!: string;

  @Column('timestamptz', { name: 'pushed_at', nullable: true })
  pushedAt!: Date | null;

  /** Set while it is in doubt where the branch stands, until the remote was asked. */
  @Column('timestamptz', { name: 'in_doubt_since', nullable: true })
  inDoubtSince!: Date | null;

  /** The newest time of the pushes that put it in doubt. */
  @Column('timestamptz', { name: 'doubted_pushed_at', nullable: true })
  doubtedPushedAt!: Date | null;

  /** When the remote was last asked. */
  @Column('timestamptz', { name: 'asked_at', nullable: true })
  askedAt!: Date | null;
}
