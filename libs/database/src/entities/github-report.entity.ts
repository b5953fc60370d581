import { type GithubReportKind, type SkippedPush } from '@nexos/domain';
import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** What GitHub has: ids of its own by name. A comment has one for each pull request, by its number. */
export type GithubRemote = Readonly<Record<string, number | string | null>>;

/**
 * What GitHub is to be told about one subject. The content is read when it is sent; `version` counts the changes of it, and
 * `toldVersion` says up to which GitHub knows them.
 */
@Entity('github_reports')
@Unique('github_reports_subject_key', ['kind', 'subject'])
@Index('github_reports_due_idx', ['nextAttemptAt'], { where: 'told_version < version' })
@Index('github_reports_project_id_idx', ['projectId'])
@Index('github_reports_environment_id_idx', ['environmentId'])
@Index('github_reports_updated_at_idx', ['updatedAt'])
export class GithubReportEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  kind!: GithubReportKind;

  /** The id of a deployment; for a comment its account, repository and branch; for a skipped push its project, branch and commit. */
  @Column('text')
  subject!: string;

  /** For a comment: the project that asked for it last. */
  @Column('text', { name: 'project_id' })
  projectId!: string;

  /** Null for a comment and a skipped push. */
  @Column('text', { name: 'environment_id', nullable: true })
  environmentId!: string | null;

  @Column('text')
  branch!: string;

  /** The push that was skipped; null for other kinds. */
  @Column('jsonb', { nullable: true })
  skipped!: SkippedPush | null;

  @Column('bigint', { default: 1 })
  version!: string;

  @Column('bigint', { name: 'told_version', default: 0 })
  toldVersion!: string;

  /** Digest of the content that GitHub was told last. */
  @Column('text', { nullable: true })
  told!: string | null;

  /** The state that GitHub was told last, in its words. */
  @Column('text', { nullable: true })
  state!: string | null;

  @Column('jsonb', { default: {} })
  remote!: GithubRemote;

  /** Whether GitHub may have more than is recorded: an attempt has begun, and no later one has succeeded. */
  @Column('boolean', { name: 'in_doubt', default: false })
  inDoubt!: boolean;

  /** Increases with every claim, which distinguishes a worker that came back late from the current one. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** Failed attempts in a row. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** Those among them that GitHub refused. */
  @Column('integer', { default: 0 })
  refusals!: number;

  @Column('timestamptz', { name: 'first_failed_at', nullable: true })
  firstFailedAt!: Date | null;

  /** Why the last attempt failed; null after a success. */
  @Column('text', { nullable: true })
  error!: string | null;

  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** While a worker is telling it: when another one may. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
