import { type SettingsRow, type StoredSettings } from '@nexos/settings';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type ProjectStatus = 'active' | 'deleting' | 'deleted';

/** A repository, and how its branches are built and run. */
@Entity('projects')
@Index('projects_account_id_slug_key', ['accountId', 'slug'], { unique: true, where: `status <> 'deleted'` })
@Index('projects_account_id_idx', ['accountId', 'id'])
@Index('projects_expiring_idx', ['id'], { where: 'expires_after_days IS NOT NULL' })
@Index('projects_sleeping_idx', ['id'], { where: 'sleep_after_minutes IS NOT NULL' })
export class ProjectEntity implements SettingsRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  slug!: string;

  /** `owner/name`, as the user wrote it. */
  @Column('text', { name: 'github_repo' })
  githubRepo!: string;

  /** The same in lower case: GitHub's names do not tell case apart. */
  @Index('projects_repository_key_idx')
  @Column('text', { name: 'repository_key' })
  repositoryKey!: string;

  /** The GitHub App's installation that the last push came through. */
  @Column('bigint', { name: 'installation_id', nullable: true })
  installationId!: string | null;

  /** Only what was set of those without a column; `projectSettings` knows what holds for the others. */
  @Column('jsonb', { default: {} })
  settings!: StoredSettings;

  /** `deleting` while its environments are being destroyed; then it reads as if it were not there. */
  @Column('text', { default: 'active' })
  status!: ProjectStatus;

  /** Whether a push deploys; without it, only what is asked for over the API does. */
  @Column('boolean', { name: 'auto_deploy', default: true })
  autoDeploy!: boolean;

  /** Globs of the branches that a push deploys; none: all. */
  @Column('text', { name: 'branch_include', array: true, default: () => `'{}'` })
  branchInclude!: string[];

  /** Globs of the branches that a push does not deploy, also where the ones above say it does. */
  @Column('text', { name: 'branch_exclude', array: true, default: () => `'{}'` })
  branchExclude!: string[];

  /** Environments that saw no push and no deployment for that many days are destroyed; null: they stay. */
  @Column('integer', { name: 'expires_after_days', nullable: true })
  expiresAfterDays!: number | null;

  /** Minutes without a request after which an environment sleeps; null: never. */
  @Column('integer', { name: 'sleep_after_minutes', nullable: true })
  sleepAfterMinutes!: number | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  /** Held by the worker that changes what the project's environments share on the engine. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('bigint', { name: 'lease_epoch', default: 0 })
  leaseEpoch!: string;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
