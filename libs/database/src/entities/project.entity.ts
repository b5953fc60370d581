import { type PauseReason } from '@nexos/domain';
import { type SettingsRow, type StoredSettings } from '@nexos/settings';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type ProjectStatus = 'active' | 'deleting' | 'deleted';

/** A repository, with the settings to build and run its branches. */
@Entity('projects')
@Index('projects_account_id_slug_key', ['accountId', 'slug'], { unique: true, where: `status <> 'deleted'` })
@Index('projects_account_id_idx', ['accountId', 'id'])
@Index('projects_expiring_idx', ['id'], { where: 'expires_after_days IS NOT NULL' })
@Index('projects_sleeping_idx', ['id'], { where: 'sleep_after_minutes IS NOT NULL' })
@Index('projects_installation_id_idx', ['installationId'], { where: 'installation_id IS NOT NULL' })
@Index('projects_paused_idx', ['id'], { where: 'paused_reason IS NOT NULL' })
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

  /** `owner/name` in lower case, because GitHub's names are case-insensitive. */
  @Index('projects_repository_key_idx')
  @Column('text', { name: 'repository_key' })
  repositoryKey!: string;

  /** GitHub's id of the repository, once a delivery has told it: it stays when the name changes. */
  @Index('projects_repository_id_idx')
  @Column('bigint', { name: 'repository_id', nullable: true })
  repositoryId!: string | null;

  /** The GitHub App installation that gives access to the repository. */
  @Column('bigint', { name: 'installation_id', nullable: true })
  installationId!: string | null;

  /** When GitHub last confirmed that the account may use the repository; null when nobody asked. */
  @Column('timestamptz', { name: 'access_checked_at', nullable: true })
  accessCheckedAt!: Date | null;

  /** Whether the project has had its repository since before GitHub was asked, and so keeps its access unconfirmed. */
  @Column('boolean', { name: 'predates_access_checks', default: false })
  predatesAccessChecks!: boolean;

  /** Why pushes and requests deploy nothing, such as `installation_suspended`; null when they do. */
  @Column('text', { name: 'paused_reason', nullable: true })
  pausedReason!: PauseReason | null;

  /** Since when they deploy nothing. */
  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt!: Date | null;

  /**
   * The branches of the repository at the last check before the pause, until a check after the pause; null if unknown. They may
   * be many, so that only what needs them reads them.
   */
  @Column('text', { name: 'heads_when_paused', array: true, nullable: true, select: false })
  headsWhenPaused?: string[] | null;

  /** Explicitly set values of settings without a column; `projectSettings` supplies the defaults. */
  @Column('jsonb', { default: {} })
  settings!: StoredSettings;

  /** `deleting` while its environments are being destroyed; `deleted` projects are hidden. */
  @Column('text', { default: 'active' })
  status!: ProjectStatus;

  /** Whether pushes deploy; if not, only the API does. */
  @Column('boolean', { name: 'auto_deploy', default: true })
  autoDeploy!: boolean;

  /** Globs of the branches that pushes deploy; empty: all. */
  @Column('text', { name: 'branch_include', array: true, default: () => `'{}'` })
  branchInclude!: string[];

  /** Globs of the branches that pushes do not deploy; wins over `branchInclude`. */
  @Column('text', { name: 'branch_exclude', array: true, default: () => `'{}'` })
  branchExclude!: string[];

  /** `push`, or `pull_request`: only branches with an open pull request. */
  @Column('text', { name: 'deploy_on', default: 'push' })
  deployOn!: string;

  /** The label that a pull request needs to be deployed; null: none. */
  @Column('text', { name: 'pull_request_label', nullable: true })
  pullRequestLabel!: string | null;

  /** Whether drafts of pull requests are deployed. */
  @Column('boolean', { name: 'pull_request_drafts', default: false })
  pullRequestDrafts!: boolean;

  /** `never`, or `approved`: commits of forks that somebody with write access approved. */
  @Column('text', { name: 'pull_request_forks', default: 'never' })
  pullRequestForks!: string;

  /** Days without a push or deployment after which an environment is destroyed; null: never. */
  @Column('integer', { name: 'expires_after_days', nullable: true })
  expiresAfterDays!: number | null;

  /** Minutes without a request after which an environment sleeps; null: never. */
  @Column('integer', { name: 'sleep_after_minutes', nullable: true })
  sleepAfterMinutes!: number | null;

  /** Whether deployments are checks of their commits on GitHub. */
  @Column('boolean', { name: 'github_checks', default: true })
  githubChecks!: boolean;

  /** Whether deployments are deployments on GitHub. */
  @Column('boolean', { name: 'github_deployments', default: true })
  githubDeployments!: boolean;

  /** Whether pull requests get a comment. */
  @Column('boolean', { name: 'github_comments', default: true })
  githubComments!: boolean;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  /** The worker that is changing the shared resources of the project on the engine. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('bigint', { name: 'lease_epoch', default: 0 })
  leaseEpoch!: string;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
