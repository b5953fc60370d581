import { type DeploymentStatus, type FailureCode, type SkipReason } from '@nexos/domain';
import { type DeploymentSettings, deploymentSettings, type StoredSources } from '@nexos/settings';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type DeploymentTrigger = 'push' | 'rebuild' | 'api' | 'rollback';

/** One version of an environment, from the push that requested it to its replacement. */
@Entity('deployments')
@Index('deployments_environment_id_idx', ['environmentId', 'id'])
@Index('deployments_project_id_idx', ['projectId', 'id'])
@Index('deployments_branch_idx', ['projectId', 'branch', 'id'])
@Index('deployments_commit_sha_idx', ['projectId', 'commitSha'])
@Index('deployments_status_idx', ['projectId', 'status', 'id'])
@Index('deployments_started_at_idx', ['projectId', 'startedAt'], { where: 'started_at IS NOT NULL' })
@Index('deployments_one_queued_key', ['environmentId'], { unique: true, where: `status = 'queued'` })
@Index('deployments_unfinished_idx', ['environmentId'], {
  where: `status IN ('queued', 'building', 'deploying')`,
})
@Index('deployments_one_build_key', ['environmentId'], { unique: true, where: `status = 'building'` })
@Index('deployments_image_idx', ['imageId'], { where: 'image_removed_at IS NULL' })
@Index('deployments_seed_image_idx', ['seedImageId'], { where: 'image_removed_at IS NULL' })
@Index('deployments_hook_image_idx', ['hookImageId'], { where: 'image_removed_at IS NULL' })
@Index('deployments_container_images_idx', { synchronize: false })
@Index('deployments_image_node_id_idx', ['imageNodeId'], {
  where: 'image_node_id IS NOT NULL AND image_removed_at IS NULL',
})
@Index('deployments_unbuilt_idx', ['status', 'queuedAt'], { where: `status IN ('queued', 'building')` })
export class DeploymentEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  @Column('text')
  trigger!: DeploymentTrigger;

  @Column('text')
  status!: DeploymentStatus;

  @Column('text')
  branch!: string;

  /** Null until a builder has looked up the tip of the branch on the remote. */
  @Column('text', { name: 'commit_sha', nullable: true })
  commitSha!: string | null;

  @Column('text', { name: 'commit_message', nullable: true })
  commitMessage!: string | null;

  @Column('text', { name: 'commit_author', nullable: true })
  commitAuthor!: string | null;

  /** Rows written by a version with fewer settings get the defaults of later settings. */
  @Column('jsonb', {
    name: 'spec',
    transformer: { from: deploymentSettings, to: (settings: DeploymentSettings) => settings },
  })
  settings!: DeploymentSettings;

  /** Where the settings come from; null for deployments of versions that did not record it. */
  @Column('jsonb', { name: 'setting_sources', nullable: true })
  settingSources!: StoredSources | null;

  /** Increases with every claim, which distinguishes a builder that came back late from the current one. */
  @Column('integer', { default: 0 })
  attempt!: number;

  /** The part of `attempt` that does not count, because a stopping builder handed the build back. */
  @Column('integer', { name: 'given_back', default: 0 })
  uncountedAttempts!: number;

  /** While building: when another builder may claim the build. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('text', { name: 'image_id', nullable: true })
  imageId!: string | null;

  /** Images of the containers beside the app, in the order of the settings. */
  @Column('text', { name: 'container_image_ids', array: true, default: [] })
  containerImageIds!: string[];

  /** Image with the dump that seeds a new database. */
  @Column('text', { name: 'seed_image_id', nullable: true })
  seedImageId!: string | null;

  /** Image of the stage that runs the hooks (`hooks.target`); null when the app's own image runs them. */
  @Column('text', { name: 'hook_image_id', nullable: true })
  hookImageId!: string | null;

  /** The Swarm node that has the image, unless a registry has it. */
  @Column('text', { name: 'image_node_id', nullable: true })
  imageNodeId!: string | null;

  /** Set just before the image is removed, so it may no longer exist. Null while a registry keeps it. */
  @Column('timestamptz', { name: 'image_removed_at', nullable: true })
  imageRemovedAt!: Date | null;

  @Column('text', { name: 'failure_code', nullable: true })
  failureCode!: FailureCode | null;

  @Column('text', { name: 'failure_message', nullable: true })
  failureMessage!: string | null;

  /** Why it was not built, if it is cancelled for that. */
  @Column('text', { name: 'skip_reason', nullable: true })
  skipReason!: SkipReason | null;

  /** Number of writers that its log has had; each numbers its lines from 1. */
  @Column('integer', { name: 'log_writers', default: 0 })
  logWriters!: number;

  /** Once replaced: its service is kept until then for its open connections. */
  @Column('timestamptz', { name: 'drain_until', nullable: true })
  drainUntil!: Date | null;

  /** How often its service has moved to another node. Each move makes a new service, whose name has this number. */
  @Column('integer', { default: 0 })
  moves!: number;

  /** Once moved: its service on the old node is kept until then for its open connections. */
  @Column('timestamptz', { name: 'moved_drain_until', nullable: true })
  movedDrainUntil!: Date | null;

  /** Why its last move failed; null after a successful one. */
  @Column('text', { name: 'move_error', nullable: true })
  moveError!: string | null;

  @Column('timestamptz', { name: 'move_error_at', nullable: true })
  moveErrorAt!: Date | null;

  /** Moves that failed in a row. */
  @Column('integer', { name: 'move_failures', default: 0 })
  moveFailures!: number;

  @Column('timestamptz', { name: 'queued_at', default: () => 'now()' })
  queuedAt!: Date;

  /** Since when its environment has waited for a build: taken over from the deployment that this one superseded. */
  @Column('timestamptz', { name: 'waiting_since', default: () => 'now()' })
  waitingSince!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'built_at', nullable: true })
  builtAt!: Date | null;

  @Column('timestamptz', { name: 'live_at', nullable: true })
  liveAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
