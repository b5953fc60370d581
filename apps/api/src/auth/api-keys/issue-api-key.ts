import { generateApiKey, hashApiKeySecret } from '@nexos/crypto';
import { newId, type Scope } from '@nexos/domain';
import { type ApiKeysRepository, type NewApiKey } from '@nexos/state';

/** The properties of a key to create. */
export interface ApiKeyProperties {
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** A generated key that is not stored yet. */
export interface PreparedApiKey {
  readonly row: NewApiKey;
  /** The key itself, which cannot be retrieved again. */
  readonly plaintext: string;
}

/** Generates a key and its hash. Takes tens of milliseconds, so call it before taking a lock. */
export async function prepareApiKey(properties: ApiKeyProperties): Promise<PreparedApiKey> {
  const { keyId, secret, plaintext } = generateApiKey();
  const secretHash = await hashApiKeySecret(secret);
  const row = { ...properties, scopes: [...properties.scopes], id: newId('apiKey'), keyId, secretHash };
  return { row, plaintext };
}

/** Creates and stores a key, and returns the key itself. */
export async function issueApiKey(keys: ApiKeysRepository, properties: ApiKeyProperties): Promise<string> {
  const prepared = await prepareApiKey(properties);
  await keys.insert(prepared.row);
  return prepared.plaintext;
}
