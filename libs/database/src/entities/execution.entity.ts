import { APP_CONTAINER, type ExecutionFailureCode, type ExecutionStatus } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A command that runs in an environment, at most once. */
@Entity('executions')
@Index('executions_environment_id_idx', ['environmentId', 'id'])
@Index('executions_unsettled_idx', ['environmentId'], { where: 'settled_at IS NULL' })
@Index('executions_finished_at_idx', ['finishedAt'])
export class ExecutionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  /** The version whose variables it received; null until it starts. */
  @Column('text', { name: 'deployment_id', nullable: true })
  deploymentId!: string | null;

  /** The id of the API key or session that requested it. */
  @Column('text', { name: 'requested_by' })
  requestedBy!: string;

  /** The container of the version whose image and variables it gets. */
  @Column('text', { default: APP_CONTAINER })
  container!: string;

  /** As requested: with variable names, not their values. */
  @Column('text', { array: true })
  command!: string[];

  @Column('integer', { name: 'timeout_seconds' })
  timeoutSeconds!: number;

  @Column('text')
  status!: ExecutionStatus;

  @Column('integer', { name: 'exit_code', nullable: true })
  exitCode!: number | null;

  @Column('text', { name: 'failure_code', nullable: true })
  failureCode!: ExecutionFailureCode | null;

  @Column('text', { name: 'failure_message', nullable: true })
  failureMessage!: string | null;

  /** Once set, the worker that runs it stops it. */
  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true })
  cancelRequestedAt!: Date | null;

  /** Number of writers that its log has had; each numbers its lines from 1. */
  @Column('integer', { name: 'log_writers', default: 0 })
  logWriters!: number;

  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('bigint', { name: 'lease_epoch', default: 0 })
  leaseEpoch!: string;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'queued_at', default: () => 'now()' })
  queuedAt!: Date;

  /** Once set, it is never started again. */
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** Set once nothing of it is left on the engine. */
  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;
}
