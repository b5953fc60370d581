import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A signed-in browser, identified by its cookie. Ends by expiry or sign-out. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Index('sessions_account_id_idx')
  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Index('sessions_expires_at_idx')
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
