import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A webhook delivery that was taken, by the id GitHub gave it: one id is acted on once. */
@Entity('webhook_deliveries')
export class WebhookDeliveryEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  event!: string;

  @Column('text', { nullable: true })
  repository!: string | null;

  /** How many projects name the repository. */
  @Column('integer')
  matched!: number;

  /** What came of it, in a word or two, for whoever looks into a push that went missing. */
  @Column('text')
  outcome!: string;

  @Index('webhook_deliveries_received_at_idx')
  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;
}
