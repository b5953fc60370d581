import { createHash } from 'node:crypto';
import { hashApiKeySecret, generateApiKey, parseApiKey, verifyApiKeySecret } from '@nexos/crypto';
import { AccountEntity, ApiKeyEntity } from '@nexos/database';
import { newId } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';

/** A verified key is not hashed again for this long, in milliseconds: a poll must not pay for a hash. */
const REMEMBERED_FOR_MS = 60_000;
const REMEMBERED_AT_MOST = 10_000;

/** Makes API keys and tells whose one is. */
@Injectable()
export class ApiKeysService {
  private readonly remembered = new Map<string, { accountId: string; until: number }>();

  constructor(private readonly dataSource: DataSource) {}

  /** The account whose key it is, or null. A key that cannot exist costs no hash. */
  async accountOf(plaintext: string): Promise<string | null> {
    const parts = parseApiKey(plaintext);
    if (parts === null) return null;
    const digest = createHash('sha256').update(plaintext).digest('base64');
    const known = this.remembered.get(digest);
    if (known !== undefined && known.until > Date.now()) return known.accountId;
    const row = await this.dataSource.manager.findOneBy(ApiKeyEntity, {
      keyId: parts.keyId,
      revokedAt: IsNull(),
    });
    if (row === null || !(await verifyApiKeySecret(row.secretHash, parts.secret))) return null;
    this.remember(digest, row.accountId);
    return row.accountId;
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

  private remember(digest: string, accountId: string): void {
    if (this.remembered.size >= REMEMBERED_AT_MOST) {
      const oldest = this.remembered.keys().next();
      if (!oldest.done) this.remembered.delete(oldest.value);
    }
    this.remembered.delete(digest);
    this.remembered.set(digest, { accountId, until: Date.now() + REMEMBERED_FOR_MS });
  }
}
