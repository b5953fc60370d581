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

/** A key that nothing knows of yet. */
export interface MadeApiKey {
  readonly row: Pick<
    ApiKeyEntity,
    'id' | 'keyId' | 'secretHash' | 'accountId' | 'name' | 'scopes' | 'expiresAt'
  >;
  /** The key itself, which cannot be had again. */
  readonly plaintext: string;
}

/** Makes a key and its hash. That takes tens of milliseconds, which nobody should wait for at a lock. */
export async function makeApiKey(wanted: NewApiKey): Promise<MadeApiKey> {
  const { keyId, secret, plaintext } = generateApiKey();
  const secretHash = await hashApiKeySecret(secret);
  const row = { ...wanted, scopes: [...wanted.scopes], id: newId('apiKey'), keyId, secretHash };
  return { row, plaintext };
}

/** Has the key work from now on. */
export async function keepApiKey(manager: EntityManager, { row }: MadeApiKey): Promise<ApiKeyEntity> {
  await manager.insert(ApiKeyEntity, row);
  return manager.findOneByOrFail(ApiKeyEntity, { id: row.id });
}

/** Makes a key that works from now on, and answers the key itself. */
export async function issueApiKey(manager: EntityManager, wanted: NewApiKey): Promise<string> {
  const made = await makeApiKey(wanted);
  await keepApiKey(manager, made);
  return made.plaintext;
}
