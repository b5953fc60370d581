import { type Scope } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An API key. The key is shown once; only a hash of its secret half is stored. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('text')
  id!: string;

  @Index('api_keys_account_id_idx')
  @Column('text', { name: 'account_id' })
  accountId!: string;

  /** The half of the key that identifies the row; not secret. */
  @Column('text', { name: 'key_id', unique: true })
  keyId!: string;

  /** Encoded Argon2id hash. */
  @Column('text', { name: 'secret_hash' })
  secretHash!: string;

  /** The beginning of the SHA-256 of the secret; null for a key of an earlier version that was not used since. */
  @Column('text', { name: 'secret_fingerprint', nullable: true })
  secretFingerprint!: string | null;

  @Column('text')
  name!: string;

  @Column('text', { array: true, default: () => `'{read,write,admin}'` })
  scopes!: Scope[];

  /** The projects that it is limited to; null for all of the account. */
  @Column('text', { name: 'project_ids', array: true, nullable: true })
  projectIds!: string[] | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** Accurate to the minute; null before the first use. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  /** The client's address at that use. */
  @Column('text', { name: 'last_used_address', nullable: true })
  lastUsedAddress!: string | null;

  @Column('text', { name: 'last_used_user_agent', nullable: true })
  lastUsedUserAgent!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
