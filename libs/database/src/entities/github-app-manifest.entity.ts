import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An operator's request to create a GitHub App from a manifest. Its state is a secret, so only a hash is stored. */
@Entity('github_app_manifests')
@Index('github_app_manifests_expires_at_idx', ['expiresAt'])
export class GithubAppManifestEntity {
  @PrimaryColumn('text', { name: 'state_hash' })
  stateHash!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  /** The name that the App should have. */
  @Column('text')
  name!: string;

  /** The organization that should own the App; null for the user who creates it. */
  @Column('text', { nullable: true })
  organization!: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** The code that GitHub sent the browser back with; no other one is accepted then. */
  @Column('text', { name: 'code_hash', nullable: true })
  codeHash!: string | null;

  /** Until when one process exchanges the code. */
  @Column('timestamptz', { name: 'claimed_until', nullable: true })
  claimedUntil!: Date | null;

  /** When the App was stored. */
  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
