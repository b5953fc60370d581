import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The questions to one repository where its branches stand: one at a time, and not too soon after one that failed. */
@Entity('branch_lookups')
export class BranchLookupEntity {
  @PrimaryColumn('text', { name: 'repository_key' })
  repositoryKey!: string;

  /** Grows with every question; tells the present one from one that was given up. */
  @Column('bigint', { default: 0 })
  claims!: string;

  @Column('timestamptz', { name: 'claimed_until', nullable: true })
  claimedUntil!: Date | null;

  /** How many in a row were not answered. */
  @Column('integer', { default: 0 })
  failures!: number;

  @Column('timestamptz', { name: 'not_before', nullable: true })
  notBefore!: Date | null;

  @Column('text', { nullable: true })
  error!: string | null;
}
