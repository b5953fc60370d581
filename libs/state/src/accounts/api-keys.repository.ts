import { ApiKeyEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { findPage, type PageRequest } from '../page.js';

/** A key without what its use adds. */
export type NewApiKey = Pick<
  ApiKeyEntity,
  | 'id'
  | 'keyId'
  | 'secretHash'
  | 'secretFingerprint'
  | 'accountId'
  | 'name'
  | 'scopes'
  | 'projectIds'
  | 'expiresAt'
>;

/** The client that used a key. */
export interface KeyUse {
  readonly address: string;
  readonly userAgent: string | null;
}

const FIND_UNREVOKED = {
  name: 'find-unrevoked-api-keys',
  text: `SELECT id, key_id AS "keyId", secret_hash AS "secretHash", secret_fingerprint AS "secretFingerprint",
      account_id AS "accountId", name, scopes, project_ids AS "projectIds", expires_at AS "expiresAt"
    FROM api_keys WHERE key_id = ANY($1) AND revoked_at IS NULL`,
};

/** API keys of accounts. */
@Injectable()
export class ApiKeysRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(id: string): Promise<ApiKeyEntity | null> {
    return this.unitOfWork.manager.findOneBy(ApiKeyEntity, { id });
  }

  /** Finds unrevoked keys by their public parts, in that order; null for each that does not exist. */
  async findUnrevoked(keyIds: readonly string[]): Promise<(NewApiKey | null)[]> {
    const rows = await this.unitOfWork.readPrepared<NewApiKey>(FIND_UNREVOKED, [keyIds]);
    const byKeyId = new Map(rows.map((row) => [row.keyId, row]));
    return keyIds.map((keyId) => byKeyId.get(keyId) ?? null);
  }

  /** Returns a page of unrevoked keys. */
  page(accountId: string, page: PageRequest): Promise<ApiKeyEntity[]> {
    return findPage(this.unitOfWork.manager, ApiKeyEntity, { accountId, revokedAt: IsNull() }, page);
  }

  /**
   * Stores a key, unless the account already has `atMost` valid keys. Locks the account's row, so that two concurrent
   * requests cannot both take the last place.
   *
   * @returns null when the account is at the limit
   */
  insertWithinLimit(key: NewApiKey, atMost: number): Promise<ApiKeyEntity | null> {
    return this.unitOfWork.run(async ({ manager }) => {
      await manager.query('SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [key.accountId]);
      const [{ count } = { count: 0 }] = await manager.query<{ count: number }[]>(
        `SELECT count(*)::integer AS count FROM api_keys
         WHERE account_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
        [key.accountId],
      );
      return count >= atMost ? null : this.insert(key);
    });
  }

  async insert(key: NewApiKey): Promise<ApiKeyEntity> {
    const { manager } = this.unitOfWork;
    await manager.insert(ApiKeyEntity, key);
    return manager.findOneByOrFail(ApiKeyEntity, { id: key.id });
  }

  /** Revokes a key of an account and returns it, or null when no such unrevoked key exists. */
  async revoke(accountId: string, id: string): Promise<ApiKeyEntity | null> {
    const { affected } = await this.unitOfWork.manager.update(
      ApiKeyEntity,
      { id, accountId, revokedAt: IsNull() },
      { revokedAt: () => 'now()' },
    );
    return affected === 1 ? this.find(id) : null;
  }

  /** @param fingerprint of its secret, if it is not stored yet */
  async recordUse(id: string, { address, userAgent }: KeyUse, fingerprint: string | null): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE api_keys SET last_used_at = now(), last_used_address = $2, last_used_user_agent = $3,
         secret_fingerprint = coalesce(secret_fingerprint, $4) WHERE id = $1`,
      [id, address, userAgent, fingerprint],
    );
  }
}
