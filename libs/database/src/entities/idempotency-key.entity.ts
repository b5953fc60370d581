import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A repeatable request and its response. Written in the same transaction as its effects. */
@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @PrimaryColumn('text', { name: 'account_id' })
  accountId!: string;

  @PrimaryColumn('text')
  key!: string;

  /** Hash of method, path and body; the same key with another request is rejected. */
  @Column('text')
  fingerprint!: string;

  /** Sealed, because a response may contain a new API key. */
  @Column('text', { nullable: true })
  response!: string | null;

  @Index('idempotency_keys_created_at_idx')
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
