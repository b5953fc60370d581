import { generateApiKey, hashApiKeySecret } from '@nexos/crypto';
import { newId, type Scope } from '@nexos/domain';
import { type ApiKeysRepository, type NewApiKey } from '@nexos/state';

/** What a key is to be. */
export interface WantedApiKey {
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** A key that nothing knows of yet. */
export interface MadeApiKey {
  readonly row: NewApiKey;
  /** The key itself, which cannot be had again. */
  readonly plaintext: string;
}

/** Makes a key and its hash. That takes tens of milliseconds, which nobody should wait for at a lock. */
export async function makeApiKey(wanted: WantedApiKey): Promise<MadeApiKey> {
  const { keyId, secret, plaintext } = generateApiKey();
  const secretHash = await hashApiKeySecret(secret);
  const row = { ...wanted, scopes: [...wanted.scopes], id: newId('apiKey'), keyId, secretHash };
  return { row, plaintext };
}

/** Makes a key that works from now on, and answers the key itself. */
export async function issueApiKey(keys: ApiKeysRepository, wanted: WantedApiKey): Promise<string> {
  const made = await makeApiKey(wanted);
  await keys.insert(made.row);
  return made.plaintext;
}
