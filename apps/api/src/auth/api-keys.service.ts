import { createHash } from 'node:crypto';
import { hashApiKeySecret, generateApiKey, parseApiKey, verifyApiKeySecret } from '@nexos/crypto';
import { AccountEntity, ApiKeyEntity } from '@nexos/database';
import { newId } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import type { Principal } from './principal.js';

/** A verified key is not hashed again for this long, in milliseconds: a poll must not pay for a hash. */
const REMEMBERED_FOR_MS = 60_000;
const REMEMBERED_AT_MOST = 10_000;

/** Makes API keys and tells whose one is. */
@Injectable()
export class ApiKeysService {
  private readonly remembered = new Map<string, { principal: Principal; until: number }>();

  constructor(private readonly dataSource: DataSource) {}

  /** Whose key it is, or null. A key that cannot exist costs no hash. */
  async principalOf(plaintext: string): Promise<Principal | null> {
    const parts = parseApiKey(plaintext);
    if (parts === null) return null;
    const digest = createHash('sha256').update(plaintext).digest('base64');
    const known = this.remembered.get(digest);
    if (known !== undefined && known.until > Date.now()) return known.principal;
    const row = await this.dataSource.manager.findOneBy(ApiKeyEntity, {
      keyId: parts.keyId,
      revokedAt: IsNull(),
    });
    if (row === null || !(await verifyApiKeySecret(row.secretHash, parts.secret))) return null;
    const principal: Principal = {
      accountId: row.accountId,
      scopes: row.scopes,
      via: 'api-key',
      credentialId: row.id,
    };
    this.remember(digest, principal);
    return principal;
  }

  /**
   * Makes a key for an account, and the account if there is none of that name.
   *
   * @returns the key itself, which cannot be had again
   */
  async create(accountName: string, keyName: string): Promise<string> {
    const key = generateApiKey();
    const secretHash = await hashApiKeySecret(key.secret);
    await this.dataSource.transaction(async (manager) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(AccountEntity)
        .values({ id: newId('account'), name: accountName })
        .orIgnore()
        .execute();
      const account = await manager.findOneByOrFail(AccountEntity, { name: accountName });
      await manager.insert(ApiKeyEntity, {
        id: newId('apiKey'),
        accountId: account.id,
        keyId: key.keyId,
        secretHash,
        name: keyName,
      });
    });
    return key.plaintext;
  }

  private remember(digest: string, principal: Principal): void {
    if (this.remembered.size >= REMEMBERED_AT_MOST) {
      const oldest = this.remembered.keys().next();
      if (!oldest.done) this.remembered.delete(oldest.value);
    }
    this.remembered.delete(digest);
    this.remembered.set(digest, { principal, until: Date.now() + REMEMBERED_FOR_MS });
  }
}
