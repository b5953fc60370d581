import { apiKeyFingerprint, generateApiKey, hashApiKeySecret } from '@nexos/crypto';
import { type UnitOfWork } from '@nexos/database';
import { COMMAND_ACTOR, newId, type Scope } from '@nexos/domain';
import { ApiKeysRepository, type NewApiKey, recordAudit } from '@nexos/state';
import { auditedApiKey } from './audited-api-key.js';

/** The properties of a key to create. */
export interface ApiKeyProperties {
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The projects that it is limited to; null, which is the default, for all of the account. */
  readonly projectIds?: readonly string[] | null;
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
  const { scopes, projectIds = null } = properties;
  const row = {
    ...properties,
    scopes: [...scopes],
    projectIds: projectIds && [...projectIds],
    ...{ id: newId('apiKey'), keyId, secretHash, secretFingerprint: apiKeyFingerprint(secret) },
  };
  return { row, plaintext };
}

/** Creates and stores a key for a command of the operator, and returns the key itself. */
export async function issueApiKey(unitOfWork: UnitOfWork, properties: ApiKeyProperties): Promise<string> {
  const { row, plaintext } = await prepareApiKey(properties);
  await unitOfWork.run(async (transaction) => {
    const key = await new ApiKeysRepository(unitOfWork).insert(row);
    await recordAudit(transaction, {
      action: 'api_key.create',
      subject: key.id,
      accountId: key.accountId,
      actor: COMMAND_ACTOR,
      after: auditedApiKey(key),
    });
  });
  return plaintext;
}
