import type { AuditAction } from '@nexos/domain';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A line of the audit log. A trigger refuses to change or delete it before its retention ends. Refers to nothing by a
 * foreign key, so that it outlives its subject.
 */
@Entity('audit_log')
@Index('audit_log_account_id_idx', ['accountId', 'seq'])
@Index('audit_log_subject_idx', ['subject', 'seq'])
@Index('audit_log_project_id_idx', ['projectId', 'seq'])
@Index('audit_log_actor_idx', ['actor', 'seq'])
@Index('audit_log_address_idx', ['address', 'seq'])
@Index('audit_log_action_idx', ['action', 'seq'])
@Index('audit_log_at_idx', ['at'])
@Index('audit_log_account_id_at_idx', ['accountId', 'at'])
export class AuditRecordEntity {
  /** Unique and increasing, but not in commit order. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  /** Whose log it is part of; null for what concerns no account, which only operators see. */
  @Column('text', { name: 'account_id', nullable: true })
  accountId!: string | null;

  @Column('text', { name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column('text')
  action!: AuditAction;

  /** The id of an API key or session, `github`, `github:LOGIN`, `command` or `system`. */
  @Column('text')
  actor!: string;

  /** The name that the API key had. */
  @Column('text', { name: 'actor_name', nullable: true })
  actorName!: string | null;

  /** The address of the client; null if no request caused it. */
  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId!: string | null;

  /** The id of what changed. */
  @Column('text', { nullable: true })
  subject!: string | null;

  @Column('jsonb', { nullable: true })
  before!: Readonly<Record<string, unknown>> | null;

  @Column('jsonb', { nullable: true })
  after!: Readonly<Record<string, unknown>> | null;
}
