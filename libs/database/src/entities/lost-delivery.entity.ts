import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A delivery that failed, with the newest attempt that GitHub lists of it. */
@Entity('lost_deliveries')
@Index('lost_deliveries_request_at_idx', ['requestAt'], { where: 'request_at IS NOT NULL' })
export class LostDeliveryEntity {
  /** The id of the delivery, which all attempts share. */
  @PrimaryColumn('text')
  guid!: string;

  /** GitHub's id of the attempt, by which another one is requested. */
  @Column('bigint', { name: 'attempt_id' })
  attemptId!: string;

  /** When GitHub made the attempt. */
  @Index('lost_deliveries_delivered_at_idx')
  @Column('timestamptz', { name: 'delivered_at' })
  deliveredAt!: Date;

  /** Attempts that were requested. */
  @Column('integer', { default: 0 })
  requests!: number;

  /** When another attempt is requested; null while the result of one is awaited, after a success, and after the last one. */
  @Column('timestamptz', { name: 'request_at', nullable: true })
  requestAt!: Date | null;
}
