import { generateApiKey, hashApiKeySecret } from '@nexos/crypto';
import { newId, type Scope } from '@nexos/domain';
import { type ApiKeysRepository, type NewApiKey } from '@nexos/state';

/** The properties of a key to create. */
export interface WantedApiKey {
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** A generated key that is not stored yet. */
export interface MadeApiKey {
  readonly row: NewApiKey;
  /** The key itself, which cannot be retrieved again. */
  readonly plaintext: string;
}

/** Generates a key and its hash. Takes tens of milliseconds, so call it before taking a lock. */
export async function makeApiKey(wanted: WantedApiKey): Promise<MadeApiKey> {
  const { keyId, secret, plaintext } = generateApiKey();
  const secretHash = await hashApiKeySecret(secret);
  const row = { ...wanted, scopes: [...wanted.scopes], id: newId('apiKey'), keyId, secretHash };
  return { row, plaintext };
}

/** Creates and stores a key, and returns the key itself. */
export async function issueApiKey(keys: ApiKeysRepository, wanted: WantedApiKey): Promise<string> {
  const made = await makeApiKey(wanted);
  await keys.insert(made.row);
  return made.plaintext;
}
