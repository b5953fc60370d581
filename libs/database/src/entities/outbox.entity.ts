import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A job that was committed together with a state change, until it is enqueued. */
@Entity('outbox')
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  queue!: string;

  @Column('text')
  name!: string;

  @Column('jsonb')
  payload!: object;

  /** Milliseconds that the queue delays the job. */
  @Column('integer', { name: 'delay_ms', default: 0 })
  delayMs!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
