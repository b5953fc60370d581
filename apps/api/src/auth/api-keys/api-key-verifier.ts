import { hash } from 'node:crypto';
import { apiKeyFingerprint, parseApiKey } from '@nexos/crypto';
import { BatchLoader } from '@nexos/database';
import { ApiKeysRepository, type KeyUse, type NewApiKey } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../principal.js';
import { CredentialCache } from '../credential-cache.js';
import { LastUse } from './last-use.js';
import { SecretChecks, type StoredSecret } from './secret-checks.js';

/** Anyone can send made-up keys, so however many there are, looking them up takes two of the database's connections. */
const READ_BATCHES = { concurrency: 2, items: 500 };

/** A key as last read. */
interface StoredKey extends StoredSecret {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Resolves API keys to their principals. */
@Injectable()
export class ApiKeyVerifier {
  private readonly checks = new SecretChecks();
  private readonly cache = new CredentialCache((keyId) => this.read(keyId));
  private readonly reads: BatchLoader<string, NewApiKey | null>;

  constructor(
    keys: ApiKeysRepository,
    private readonly lastUse: LastUse,
  ) {
    this.reads = new BatchLoader((keyIds) => keys.findUnrevoked(keyIds), READ_BATCHES);
  }

  /**
   * Returns the principal of a key, or null. A key that is malformed, unknown or wrong costs no hash.
   *
   * @param client who uses the key, for the list of keys
   * @throws {TooManyChecksError}
   */
  async principalOf(plaintext: string, client: KeyUse): Promise<Principal | null> {
    const parts = parseApiKey(plaintext);
    if (parts === null) return null;
    const digest = hash('sha256', plaintext, 'base64');
    const recent = this.cache.recent(parts.keyId);
    if (recent !== undefined && this.checks.isKnownToMatch(digest, recent.secretHash))
      return this.use(recent, parts.secret, client);
    const stored = await this.cache.get(parts.keyId);
    if (stored === null) return null;
    const isRight = await this.checks.matches({ digest, ...parts }, stored);
    return isRight ? this.use(stored, parts.secret, client) : null;
  }

  /** Returns whether a key that was verified before is still neither revoked nor expired. Costs no hash. */
  async isStillValid(plaintext: string): Promise<boolean> {
    const parts = parseApiKey(plaintext);
    const stored = parts === null ? null : await this.cache.get(parts.keyId);
    return stored !== null && stored.expiresAt > Date.now();
  }

  /** Makes this process notice a revocation at once; the others notice it within half a second. */
  forget(keyId: string): void {
    this.cache.forget(keyId);
  }

  private use(key: StoredKey, secret: string, client: KeyUse): Principal | null {
    if (key.expiresAt <= Date.now()) return null;
    const fingerprint = key.secretFingerprint === null ? apiKeyFingerprint(secret) : null;
    this.lastUse.note(key.principal.credentialId, client, fingerprint);
    return key.principal;
  }

  private async read(keyId: string): Promise<StoredKey | null> {
    const row = await this.reads.load(keyId);
    if (row === null) return null;
    const { id, name, accountId, scopes, projectIds, secretHash, secretFingerprint, expiresAt } = row;
    const principal: Principal = {
      accountId,
      scopes,
      via: 'api-key',
      credentialId: id,
      name,
      ...(projectIds !== null && { projectIds }),
      ...(expiresAt !== null && { expiresAt }),
    };
    return { principal, secretHash, secretFingerprint, expiresAt: expiresAt?.getTime() ?? Infinity };
  }
}
