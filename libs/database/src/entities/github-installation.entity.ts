import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type InstallationStatus = 'active' | 'suspended' | 'removed';

/** An installation of the GitHub App, which gives access to repositories of one owner. */
@Entity('github_installations')
@Index('github_installations_list_at_idx', ['listAt'], { where: `status <> 'removed'` })
export class GithubInstallationEntity {
  @PrimaryColumn('bigint')
  id!: string;

  /** GitHub's id of the user or organization; it stays when the login changes. */
  @Index('github_installations_owner_id_idx')
  @Column('bigint', { name: 'owner_id' })
  ownerId!: string;

  @Column('text', { name: 'owner_login' })
  ownerLogin!: string;

  /** `User`, `Organization`, or what GitHub adds to them. */
  @Column('text', { name: 'owner_type' })
  ownerType!: string;

  /** Whether it gives access to all repositories of the owner, or to selected ones. */
  @Column('text', { name: 'repository_selection' })
  repositorySelection!: 'all' | 'selected';

  @Column('text')
  status!: InstallationStatus;

  /** GitHub's time of the last change that is known here: an older one does not overwrite a newer one. */
  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  /** The order of receipt of the delivery that told the last change; decides between changes of one time. */
  @Column('bigint', { default: 0 })
  seq!: string;

  /** When its repositories were last listed; null before the first time. */
  @Column('timestamptz', { name: 'listed_at', nullable: true })
  listedAt!: Date | null;

  /** When GitHub is to be asked about it and its repositories again. It is moved ahead while somebody asks. */
  @Column('timestamptz', { name: 'list_at', default: () => 'now()' })
  listAt!: Date;
}
