import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Branch lookups on the remote of one repository: one at a time, with back-off after failures. */
@Entity('branch_lookups')
export class BranchLookupEntity {
  @PrimaryColumn('text', { name: 'repository_key' })
  repositoryKey!: string;

  /** Increases with every lookup, to distinguish the current one from an abandoned one. */
  @Column('bigint', { default: 0 })
  claims!: string;

  @Column('timestamptz', { name: 'claimed_until', nullable: true })
  claimedUntil!: Date | null;

  /** Failed lookups in a row. */
  @Column('integer', { default: 0 })
  failures!: number;

  @Column('timestamptz', { name: 'not_before', nullable: true })
  notBefore!: Date | null;

  @Column('text', { nullable: true })
  error!: string | null;

  /** When all branches with an environment were last compared with the remote. */
  @Column('timestamptz', { name: 'checked_at', nullable: true })
  checkedAt!: Date | null;

  /** The default branch at the last check; a former one, if that one is gone. */
  @Column('text', { name: 'default_branch', nullable: true })
  defaultBranch!: string | null;

  /** The names of all branches at the last check; null when there was none, or when there were too many. */
  @Column('text', { array: true, nullable: true, select: false })
  heads?: string[] | null;

  /** When they were listed; null when that never succeeded. */
  @Column('timestamptz', { name: 'heads_at', nullable: true })
  headsAt!: Date | null;
}
