import { type DesiredState, type EnvironmentStatus, type FailureCode } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A branch that runs: what is wanted of it, and what was seen of it. */
@Entity('environments')
@Index('environments_branch_key', ['projectId', 'branch'], {
  unique: true,
  where: `status NOT IN ('destroying', 'destroyed')`,
})
@Index('environments_project_id_idx', ['projectId', 'id'])
@Index('environments_unsettled_idx', ['id'], { where: 'generation <> observed_generation' })
export class EnvironmentEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  branch!: string;

  /** Without the base domain's port; what the ingress knows the environment by. */
  @Column('text')
  hostname!: string;

  @Column('text')
  status!: EnvironmentStatus;

  @Column('text', { name: 'desired_state' })
  desiredState!: DesiredState;

  @Column('text', { name: 'desired_deployment_id', nullable: true })
  desiredDeploymentId!: string | null;

  /** The deployment that the route leads to. */
  @Column('text', { name: 'live_deployment_id', nullable: true })
  liveDeploymentId!: string | null;

  /** The newest deployment that was asked for, whatever became of it. */
  @Column('text', { name: 'latest_deployment_id', nullable: true })
  latestDeploymentId!: string | null;

  /** Counts up with every change of what is wanted. */
  @Column('bigint', { default: 1 })
  generation!: string;

  /** The generation that a worker has brought about. */
  @Column('bigint', { name: 'observed_generation', default: 0 })
  observedGeneration!: string;

  /** Counts up with every reset that was asked for. */
  @Column('integer', { name: 'database_generation', default: 1 })
  databaseGeneration!: number;

  /** The database generation that a worker has brought about. */
  @Column('integer', { name: 'observed_database_generation', default: 1 })
  observedDatabaseGeneration!: number;

  /** The database generation that the wanted one brings back; null: it begins empty. */
  @Column('integer', { name: 'restored_generation', nullable: true })
  restoredGeneration!: number | null;

  /** Its `on_new` has not run yet since it, or its database, was made. */
  @Column('boolean', { name: 'is_new', default: true })
  isNew!: boolean;

  /** Its database was made anew beneath the live version, whose hooks have not been run for it yet. */
  @Column('boolean', { name: 'hooks_due', default: false })
  hooksDue!: boolean;

  /** Where it is paused: because nobody used it, so that the next request wakes it. Means nothing while it is not. */
  @Column('boolean', { default: false })
  asleep!: boolean;

  /** The last request that the ingress told of, or that woke it. */
  @Column('timestamptz', { name: 'last_request_at', nullable: true })
  lastRequestAt!: Date | null;

  /** When it last came up again after a pause. */
  @Column('timestamptz', { name: 'resumed_at', nullable: true })
  resumedAt!: Date | null;

  /** Why the last attempt to make it what is wanted failed; null: none failed since one succeeded. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: FailureCode | null;

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage!: string | null;

  @Column('timestamptz', { name: 'error_at', nullable: true })
  errorAt!: Date | null;

  /** How many attempts in a row failed by themselves: the more there are, the later comes the next. */
  @Column('integer', { name: 'error_count', default: 0 })
  errorCount!: number;

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
