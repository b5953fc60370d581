import { type MessageFormat, type NotificationType } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * An address that an account wants messages at, about one project or all of them. The secret is sealed, with the id of
 * the row as additional data.
 */
@Entity('webhooks')
@Index('webhooks_account_id_idx', ['accountId', 'id'])
@Index('webhooks_project_id_idx', ['projectId', 'id'])
export class WebhookEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  /** Null for a webhook of the whole account. */
  @Column('text', { name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column('text')
  format!: MessageFormat;

  /** Null if the address is the secret. */
  @Column('text', { nullable: true })
  url!: string | null;

  /** The signing secret; for formats other than `standard`, the address. */
  @Column('text', { name: 'sealed_secret' })
  sealedSecret!: string;

  /** What its owner wants to be told. */
  @Column('text', { array: true })
  events!: NotificationType[];

  /** Set while it gets no messages. */
  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason!: string | null;

  /** The first of the failed attempts since the last success. */
  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  /** Failed attempts in a row, of any message. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** No message is sent before that. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
