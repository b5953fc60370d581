import { Column, Entity, Generated, Index, PrimaryColumn, Unique } from 'typeorm';

/** A webhook delivery, identified by the id from the Git host; each id is processed once. */
@Entity('webhook_deliveries')
@Unique('webhook_deliveries_seq_key', ['seq'])
@Index('webhook_deliveries_waiting_idx', ['repositoryKey', 'seq'], { where: `outcome = 'accepted'` })
@Index('webhook_deliveries_bodies_idx', ['receivedAt'], { where: 'body IS NOT NULL' })
export class WebhookDeliveryEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Order of receipt. */
  @Column('bigint')
  @Generated('increment')
  seq!: string;

  @Column('text')
  event!: string;

  @Column('text', { nullable: true })
  repository!: string | null;

  /** The repository in lower case; null when the delivery has none. */
  @Column('text', { name: 'repository_key', nullable: true })
  repositoryKey!: string | null;

  /** The project whose own webhook it came through: it concerns no other one. Null for the webhook of the installation. */
  @Column('text', { name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column('text', { nullable: true })
  branch!: string | null;

  /** The new head of the branch; null when it was deleted. */
  @Column('text', { name: 'commit_sha', nullable: true })
  commitSha!: string | null;

  /** The signed JSON, compressed; deleted after some days. */
  @Column('bytea', { nullable: true })
  body!: Buffer | null;

  /** Written only by the previous version. */
  @Column('integer', { default: 0 })
  matched!: number;

  /** `accepted` until it is processed. */
  @Column('text')
  outcome!: string;

  @Column('text', { nullable: true })
  reason!: string | null;

  /** Error of the last failed attempt. */
  @Column('text', { nullable: true })
  error!: string | null;

  @Column('integer', { default: 0 })
  attempts!: number;

  /** When it is retried. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt!: Date | null;

  /** Whether an operator wants it applied although it is older than the known head. */
  @Column('boolean', { default: false })
  forced!: boolean;

  @Index('webhook_deliveries_received_at_idx')
  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'processed_at', nullable: true })
  processedAt!: Date | null;

  @Column('timestamptz', { name: 'replayed_at', nullable: true })
  replayedAt!: Date | null;

  /** The API key or session that had it replayed last. */
  @Column('text', { name: 'replayed_by', nullable: true })
  replayedBy!: string | null;
}
