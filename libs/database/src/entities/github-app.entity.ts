import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The GitHub App that was created through Nexos. A single row. */
@Entity('github_app')
export class GithubAppEntity {
  @PrimaryColumn('integer', { default: 1 })
  id!: number;

  /** GitHub's id of the App. */
  @Column('bigint', { name: 'app_id' })
  appId!: string;

  @Column('text')
  slug!: string;

  @Column('text')
  name!: string;

  /** The App's page on GitHub. */
  @Column('text', { name: 'html_url' })
  htmlUrl!: string;

  /** The private key and the other secrets, as JSON. */
  @Column('text', { name: 'sealed_credentials' })
  sealedCredentials!: string;

  /** The operator's account. */
  @Column('text', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
