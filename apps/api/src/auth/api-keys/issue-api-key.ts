import { generateApiKey, hashApiKeySecret } from '@nexos/crypto';
import { ApiKeyEntity } from '@nexos/database';
import { newId, type Scope } from '@nexos/domain';
import type { EntityManager } from 'typeorm';

/** What a key is to be. */
export interface NewApiKey {
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** Makes a key; `plaintext` is the key itself, which cannot be had again. */
export async function issueApiKey(
  manager: EntityManager,
  wanted: NewApiKey,
): Promise<{ key: ApiKeyEntity; plaintext: string }> {
  const { keyId, secret, plaintext } = generateApiKey();
  const id = newId('apiKey');
  const secretHash = await hashApiKeySecret(secret);
  await manager.insert(ApiKeyEntity, { ...wanted, scopes: [...wanted.scopes], id, keyId, secretHash });
  return { key: await manager.findOneByOrFail(ApiKeyEntity, { id }), plaintext };
}
