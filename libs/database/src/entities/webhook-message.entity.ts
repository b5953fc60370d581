import { type MessageData, type MessageType } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

export const MESSAGE_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** A message to a webhook. Its id is what the receiver recognizes a repeated message by. */
@Entity('webhook_messages')
@Unique('webhook_messages_event_key', ['webhookId', 'subject', 'position'])
@Index('webhook_messages_webhook_id_idx', ['webhookId', 'id'])
@Index('webhook_messages_pending_idx', ['webhookId', 'nextAttemptAt'], { where: `status = 'pending'` })
@Index('webhook_messages_finished_at_idx', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
export class WebhookMessageEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'webhook_id' })
  webhookId!: string;

  /** The id of what it is about. Messages about one subject are sent in order. */
  @Column('text')
  subject!: string;

  /** The place among the messages about the subject: the `seq` of the event. */
  @Column('bigint')
  position!: string;

  @Column('text')
  type!: MessageType;

  @Column('jsonb')
  data!: MessageData;

  /** When it happened. */
  @Column('timestamptz')
  at!: Date;

  @Column('text', { default: 'pending' })
  status!: MessageStatus;

  /** Increases with every claim, which distinguishes a worker that came back late from the current one. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** Failed attempts since it was created or replayed. */
  @Column('integer', { default: 0 })
  failures!: number;

  @Column('timestamptz', { name: 'first_failed_at', nullable: true })
  firstFailedAt!: Date | null;

  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** While a worker is sending it: when another one may. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'last_attempt_at', nullable: true })
  lastAttemptAt!: Date | null;

  /** Status of the last response; null without one. */
  @Column('integer', { name: 'response_status', nullable: true })
  responseStatus!: number | null;

  @Column('integer', { name: 'latency_ms', nullable: true })
  latencyMs!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
