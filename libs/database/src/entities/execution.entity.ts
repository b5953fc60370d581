import { type ExecutionFailureCode, type ExecutionStatus } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A command that somebody has run in an environment, once. */
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

  /** The version whose variables it was told; null until it has begun to run. */
  @Column('text', { name: 'deployment_id', nullable: true })
  deploymentId!: string | null;

  /** The id of the API key or of the session that asked for it. */
  @Column('text', { name: 'requested_by' })
  requestedBy!: string;

  /** As it was given: names of variables, not their values. */
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

  /** Whoever runs it stops it then. */
  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true })
  cancelRequestedAt!: Date | null;

  /** Writers that its log has had; each counts its lines from 1. */
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

  /** From here on it is never begun again. */
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** Nothing of it is left on the engine. */
  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;
}
