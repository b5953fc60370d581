import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What GitHub last answered about an account's access to a repository. */
@Entity('repository_access')
export class RepositoryAccessEntity {
  @PrimaryColumn('text', { name: 'account_id' })
  accountId!: string;

  @PrimaryColumn('bigint', { name: 'repository_id' })
  repositoryId!: string;

  /** `none`, `read`, `write` or `admin` */
  @Column('text')
  permission!: string;

  @Index('repository_access_checked_at_idx')
  @Column('timestamptz', { name: 'checked_at', default: () => 'now()' })
  checkedAt!: Date;
}
