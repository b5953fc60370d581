import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A request that its caller may repeat, and what it was answered. Written in the transaction of its effects. */
@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @PrimaryColumn('text', { name: 'account_id' })
  accountId!: string;

  @PrimaryColumn('text')
  key!: string;

  /** Of the method, the path and the body: the same key with another request is refused. */
  @Column('text')
  fingerprint!: string;

  /** Sealed: an answer may hold a new API key. */
  @Column('text', { nullable: true })
  response!: string | null;

  @Index('idempotency_keys_created_at_idx')
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
