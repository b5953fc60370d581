import { hash } from 'node:crypto';
import { parseApiKey } from '@nexos/crypto';
import { ApiKeysRepository, type KeyUse } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../principal.js';
import { CredentialCache } from '../credential-cache.js';
import { LastUse } from './last-use.js';
import { SecretChecks } from './secret-checks.js';

/** A key as last read. */
interface StoredKey {
  readonly principal: Principal;
  readonly secretHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Resolves API keys to their principals. */
@Injectable()
export class ApiKeyVerifier {
  private readonly checks = new SecretChecks();
  private readonly cache = new CredentialCache((keyId) => this.read(keyId));

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly lastUse: LastUse,
  ) {}

  /**
   * Returns the principal of a key, or null. A malformed key, or one with an unknown id, costs no hash.
   *
   * @param client who uses the key, for the list of keys
   * @param beginCheck called before a hash for a key that was not verified recently; may throw. Returns a function that is
   *   called when the check has ended.
   * @throws {TooManyChecksError}
   */
  async principalOf(
    plaintext: string,
    client: KeyUse,
    beginCheck: () => () => void,
  ): Promise<Principal | null> {
    const parts = parseApiKey(plaintext);
    if (parts === null) return null;
    const digest = hash('sha256', plaintext, 'base64');
    const recent = this.cache.recent(parts.keyId);
    if (recent !== undefined && this.checks.isKnownToMatch(digest, recent.secretHash))
      return this.use(recent, client);
    const stored = await this.cache.get(parts.keyId);
    if (stored === null) return null;
    const ended = this.checks.isRemembered(digest) ? undefined : beginCheck();
    try {
      const isRight = await this.checks.matches({ digest, ...parts }, stored.secretHash);
      return isRight ? this.use(stored, client) : null;
    } finally {
      ended?.();
    }
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

  private use(key: StoredKey, client: KeyUse): Principal | null {
    if (key.expiresAt <= Date.now()) return null;
    this.lastUse.note(key.principal.credentialId, client);
    return key.principal;
  }

  private async read(keyId: string): Promise<StoredKey | null> {
    const row = await this.keys.findUnrevoked(keyId);
    if (row === null) return null;
    const { id, name, accountId, scopes, projectIds, secretHash, expiresAt } = row;
    const principal: Principal = {
      accountId,
      scopes,
      via: 'api-key',
      credentialId: id,
      name,
      ...(projectIds !== null && { projectIds }),
    };
    return { principal, secretHash, expiresAt: expiresAt?.getTime() ?? Infinity };
  }
}
