import { type DesiredState, type EnvironmentStatus, type FailureCode } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A running branch: its desired and its observed state. */
@Entity('environments')
@Index('environments_branch_key', ['projectId', 'branch'], {
  unique: true,
  where: `status NOT IN ('destroying', 'destroyed')`,
})
@Index('environments_project_id_idx', ['projectId', 'id'])
@Index('environments_unsettled_idx', ['id'], { where: 'generation <> observed_generation' })
@Index('environments_retry_at_idx', ['retryAt'], { where: 'retry_at IS NOT NULL' })
export class EnvironmentEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  branch!: string;

  /** Without the port of the base domain; identifies the environment in the ingress. */
  @Column('text')
  hostname!: string;

  @Column('text')
  status!: EnvironmentStatus;

  @Column('text', { name: 'desired_state' })
  desiredState!: DesiredState;

  @Column('text', { name: 'desired_deployment_id', nullable: true })
  desiredDeploymentId!: string | null;

  /** The deployment that receives traffic. */
  @Column('text', { name: 'live_deployment_id', nullable: true })
  liveDeploymentId!: string | null;

  /** The newest requested deployment, regardless of its outcome. */
  @Column('text', { name: 'latest_deployment_id', nullable: true })
  latestDeploymentId!: string | null;

  /** Increases with every change of the desired state. */
  @Column('bigint', { default: 1 })
  generation!: string;

  /** The generation that a worker has reconciled. */
  @Column('bigint', { name: 'observed_generation', default: 0 })
  observedGeneration!: string;

  /** Increases with every requested reset. */
  @Column('integer', { name: 'database_generation', default: 1 })
  databaseGeneration!: number;

  /** The database generation that a worker has provisioned. */
  @Column('integer', { name: 'observed_database_generation', default: 1 })
  observedDatabaseGeneration!: number;

  /** The older generation to restore; null: the new database starts empty. */
  @Column('integer', { name: 'restored_generation', nullable: true })
  restoredGeneration!: number | null;

  /** No `on_new` has run to its end since the environment or its database was created. */
  @Column('boolean', { name: 'is_new', default: true })
  isNew!: boolean;

  /** No seed has been restored since the environment or its database was created. */
  @Column('boolean', { name: 'seed_due', default: true })
  isSeedDue!: boolean;

  /** The database was recreated under the live version, whose hooks have not run for it yet. */
  @Column('boolean', { name: 'hooks_due', default: false })
  hooksDue!: boolean;

  /** Whether it is paused because nobody used it, so that the next request wakes it. Meaningless while not paused. */
  @Column('boolean', { default: false })
  asleep!: boolean;

  /** The last request that the ingress reported, or that woke it. */
  @Column('timestamptz', { name: 'last_request_at', nullable: true })
  lastRequestAt!: Date | null;

  /** When it last resumed after a pause. */
  @Column('timestamptz', { name: 'resumed_at', nullable: true })
  resumedAt!: Date | null;

  /** Why the last attempt to reconcile it failed; null after a successful one. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: FailureCode | null;

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage!: string | null;

  @Column('timestamptz', { name: 'error_at', nullable: true })
  errorAt!: Date | null;

  /** Failed attempts in a row, reset by outages such as an unreachable engine; determines the back-off. */
  @Column('integer', { name: 'error_count', default: 0 })
  errorCount!: number;

  /**
   * Why it failed: its live version could not be started, or the hooks of its new database failed. Null after that has
   * succeeded.
   */
  @Column('text', { name: 'failure_code', nullable: true })
  failureCode!: FailureCode | null;

  @Column('text', { name: 'failure_message', nullable: true })
  failureMessage!: string | null;

  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt!: Date | null;

  /** The generation that failed. While it is the current one, nothing was requested since. */
  @Column('bigint', { name: 'failed_generation', nullable: true })
  failedGeneration!: string | null;

  /** How many attempts in a row failed with this code. */
  @Column('integer', { name: 'failure_count', default: 0 })
  failureCount!: number;

  /** When Nexos tries again by itself; null when it does not. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt!: Date | null;

  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('bigint', { name: 'lease_epoch', default: 0 })
  leaseEpoch!: string;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'destroyed_at', nullable: true })
  destroyedAt!: Date | null;
}
