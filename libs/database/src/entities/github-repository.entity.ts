import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A repository that an installation of the GitHub App gives access to. */
@Entity('github_repositories')
@Index('github_repositories_installation_id_idx', ['installationId', 'nameKey'])
export class GithubRepositoryEntity {
  @PrimaryColumn('bigint')
  id!: string;

  /** Each repository is in one installation, since an App is installed once per owner. */
  @Column('bigint', { name: 'installation_id' })
  installationId!: string;

  /** `owner/name` */
  @Column('text')
  name!: string;

  /** `owner/name` in lower case. */
  @Index('github_repositories_name_key_idx')
  @Column('text', { name: 'name_key' })
  nameKey!: string;

  @Column('boolean', { name: 'is_private' })
  isPrivate!: boolean;

  /** Null until its installation's repositories were listed: events do not tell it. */
  @Column('text', { name: 'default_branch', nullable: true })
  defaultBranch!: string | null;

  /** GitHub's time of the last change that is known here; null when no event or listing has told it. */
  @Column('timestamptz', { name: 'changed_at', nullable: true })
  changedAt!: Date | null;

  /** The order of receipt of the delivery that told the last change; decides between changes of one time. */
  @Column('bigint', { default: 0 })
  seq!: string;

  /** When GitHub last said that the installation gives access to it. */
  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
