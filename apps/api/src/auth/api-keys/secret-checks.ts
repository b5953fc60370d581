import { verifyApiKeySecret } from '@nexos/crypto';
import { LRUCache } from 'lru-cache';

/** Results are cached for a minute, so that polling does not pay for hashes. */
const CACHE_OPTIONS = { max: 10_000, ttl: 60_000, ttlResolution: 0 };
/** Hashes of one key that may run or wait concurrently. The owner of a key needs only one. */
const MAX_CONCURRENT_HASHES = 4;

/** Too many different secrets are being tried for one key at the same time. */
export class TooManyChecksError extends Error {
  constructor() {
    super('too many secrets are being tried for one key');
    this.name = 'TooManyChecksError';
  }
}

/** A secret to check. */
export interface Candidate {
  /** SHA-256 of the whole key; the cache key. */
  readonly digest: string;
  readonly keyId: string;
  readonly secret: string;
}

/**
 * Checks secrets against their hashes at a bounded cost. Remembers right and wrong secrets for a minute, shares one hash
 * among identical concurrent checks, and limits the concurrent hashes of one key.
 */
export class SecretChecks {
  private readonly right = new LRUCache<string, string>(CACHE_OPTIONS);
  /** Separate, so that wrong secrets, which anyone can make up, never evict right ones. */
  private readonly wrong = new LRUCache<string, string>(CACHE_OPTIONS);
  private readonly running = new Map<string, Promise<boolean>>();
  private readonly runningOf = new Map<string, number>();

  /** Returns whether the secret matched any hash within the last minute. */
  isRemembered(digest: string): boolean {
    return this.right.get(digest) !== undefined;
  }

  /** Returns whether the secret matched that hash within the last minute. */
  isKnownToMatch(digest: string, secretHash: string): boolean {
    return this.right.get(digest) === secretHash;
  }

  /** @throws {TooManyChecksError} */
  async matches(candidate: Candidate, secretHash: string): Promise<boolean> {
    const { digest } = candidate;
    if (this.isKnownToMatch(digest, secretHash)) return true;
    if (this.wrong.get(digest) === secretHash) return false;
    return this.running.get(digest) ?? this.begin(candidate, secretHash);
  }

  private begin({ digest, keyId, secret }: Candidate, secretHash: string): Promise<boolean> {
    const others = this.runningOf.get(keyId) ?? 0;
    if (others >= MAX_CONCURRENT_HASHES) throw new TooManyChecksError();
    this.runningOf.set(keyId, others + 1);
    const check = verifyApiKeySecret(secretHash, secret)
      .then((isRight) => {
        const cache = isRight ? this.right : this.wrong;
        cache.set(digest, secretHash);
        return isRight;
      })
      .finally(() => {
        this.running.delete(digest);
        const left = (this.runningOf.get(keyId) ?? 1) - 1;
        if (left === 0) this.runningOf.delete(keyId);
        else this.runningOf.set(keyId, left);
      });
    this.running.set(digest, check);
    return check;
  }
}
