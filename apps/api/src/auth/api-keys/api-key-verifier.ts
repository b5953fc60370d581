import { hash } from 'node:crypto';
import { parseApiKey } from '@nexos/crypto';
import { ApiKeysRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../principal.js';
import { CredentialCache } from '../credential-cache.js';
import { LastUse } from './last-use.js';
import { SecretChecks } from './secret-checks.js';

/** A key as it stood when it was last read. */
interface StoredKey {
  readonly principal: Principal;
  readonly secretHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tells whose an API key is. */
@Injectable()
export class ApiKeyVerifier {
  private readonly checks = new SecretChecks();
  private readonly cache = new CredentialCache((keyId) => this.read(keyId));

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly lastUse: LastUse,
  ) {}

  /**
   * Whose key it is, or null. A key that cannot exist, or whose id is not known, costs no hash.
   *
   * @param admit called before any work is done for a key that was not verified just now; may throw
   * @throws {TooManyChecksError}
   */
  async principalOf(plaintext: string, admit: () => void): Promise<Principal | null> {
    const parts = parseApiKey(plaintext);
    if (parts === null) {
      admit();
      return null;
    }
    const digest = hash('sha256', plaintext, 'base64');
    const recent = this.cache.recent(parts.keyId);
    if (recent !== undefined && this.checks.isKnownRight(digest, recent.secretHash)) return this.use(recent);
    if (!this.checks.isRemembered(digest)) admit();
    const stored = await this.cache.get(parts.keyId);
    if (stored === null) return null;
    return (await this.checks.isRight({ digest, ...parts }, stored.secretHash)) ? this.use(stored) : null;
  }

  /** Whether a key that was right before is still one: neither revoked nor expired. Costs no hash. */
  async isStillValid(plaintext: string): Promise<boolean> {
    const parts = parseApiKey(plaintext);
    const stored = parts === null ? null : await this.cache.get(parts.keyId);
    return stored !== null && stored.expiresAt > Date.now();
  }

  /** Has this process see at once that the key was revoked; every other sees it within half a second. */
  forget(keyId: string): void {
    this.cache.forget(keyId);
  }

  private use(key: StoredKey): Principal | null {
    if (key.expiresAt <= Date.now()) return null;
    this.lastUse.note(key.principal.credentialId);
    return key.principal;
  }

  private async read(keyId: string): Promise<StoredKey | null> {
    const row = await this.keys.findUnrevoked(keyId);
    if (row === null) return null;
    const { id, accountId, scopes, secretHash, expiresAt } = row;
    const principal: Principal = { accountId, scopes, via: 'api-key', credentialId: id };
    return { principal, secretHash, expiresAt: expiresAt?.getTime() ?? Infinity };
  }
}
