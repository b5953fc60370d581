import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the deliveries that GitHub lists for an App have been read. */
@Entity('delivery_looks')
export class DeliveryLookEntity {
  /** GitHub's id of the App. */
  @PrimaryColumn('bigint', { name: 'app_id' })
  appId!: string;

  /** Attempts up to this time have been read; null before the first look ends. */
  @Column('timestamptz', { name: 'looked_until', nullable: true })
  lookedUntil!: Date | null;

  /** Where GitHub's list continues, while a look takes several rounds. */
  @Column('text', { nullable: true })
  cursor!: string | null;

  /** The newest attempt of a look that takes several rounds. */
  @Column('timestamptz', { nullable: true })
  newest!: Date | null;

  /** When the next round is due. */
  @Column('timestamptz', { name: 'next_at', default: () => 'now()' })
  nextAt!: Date;

  /** Failed rounds in a row. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** Why the last round failed; null after a success. */
  @Column('text', { nullable: true })
  error!: string | null;

  /** Number of claims, which distinguishes a worker that came back late from the current one. */
  @Column('bigint', { default: 0 })
  claims!: string;

  /** While a worker is looking: when another one may. */
  @Column('timestamptz', { name: 'claimed_until', nullable: true })
  claimedUntil!: Date | null;
}
