import { apiKeyFingerprint, verifyApiKeySecret } from '@nexos/crypto';
import { LRUCache } from 'lru-cache';
import { FairQueue, QueueTimeoutError } from '../../http/limits/fair-queue.js';

/** Results are cached for a minute, so that polling does not pay for hashes. */
const CACHE_OPTIONS = { max: 10_000, ttl: 60_000, ttlResolution: 0 };
/** Hashes of one key that may run or wait concurrently. The owner of a key needs only one. */
const MAX_CONCURRENT_HASHES = 2;
/** Of keys without a fingerprint, anyone can cause hashes: half of the threads, which files and DNS need too, stay free. */
const UNMARKED = { concurrency: 2, timeoutMs: 3_000, waiting: 200 };

/** Too many secrets are being checked at the same time, of one key or in total. */
export class TooManyChecksError extends Error {
  constructor() {
    super('too many secrets are being checked');
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

/** What is stored of the right secret. */
export interface StoredSecret {
  readonly secretHash: string;
  /** Null for a key of an earlier version that was not used since. */
  readonly secretFingerprint: string | null;
}

/**
 * Checks secrets against their hashes at a bounded cost. Wrong secrets are told by their fingerprint and cost no hash, so
 * that they cannot delay right ones. Remembers results for a minute, and shares one hash among identical concurrent checks.
 */
export class SecretChecks {
  private readonly right = new LRUCache<string, string>(CACHE_OPTIONS);
  /** Separate, so that wrong secrets, which anyone can make up, never evict right ones. */
  private readonly wrong = new LRUCache<string, string>(CACHE_OPTIONS);
  private readonly running = new Map<string, Promise<boolean>>();
  private readonly runningOf = new Map<string, number>();
  private readonly unmarked = new FairQueue(UNMARKED.concurrency, UNMARKED.timeoutMs, UNMARKED.waiting);

  /** Returns whether the secret matched that hash within the last minute. */
  isKnownToMatch(digest: string, secretHash: string): boolean {
    return this.right.get(digest) === secretHash;
  }

  /** @throws {TooManyChecksError} only for a key without a fingerprint */
  async matches(candidate: Candidate, stored: StoredSecret): Promise<boolean> {
    const { digest } = candidate;
    const { secretHash, secretFingerprint } = stored;
    if (this.isKnownToMatch(digest, secretHash)) return true;
    // Its time tells at most the fingerprint, which nobody finds a secret for.
    if (secretFingerprint !== null && secretFingerprint !== apiKeyFingerprint(candidate.secret)) return false;
    if (this.wrong.get(digest) === secretHash) return false;
    return this.running.get(digest) ?? this.begin(candidate, stored);
  }

  private begin(candidate: Candidate, { secretHash, secretFingerprint }: StoredSecret): Promise<boolean> {
    const { digest, keyId, secret } = candidate;
    const others = this.runningOf.get(keyId) ?? 0;
    if (others >= MAX_CONCURRENT_HASHES) throw new TooManyChecksError();
    this.runningOf.set(keyId, others + 1);
    const verify = () => verifyApiKeySecret(secretHash, secret);
    const check = (secretFingerprint === null ? this.inTurn(verify) : verify())
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

  private async inTurn(verify: () => Promise<boolean>): Promise<boolean> {
    try {
      return await this.unmarked.run(verify);
    } catch (error) {
      throw error instanceof QueueTimeoutError ? new TooManyChecksError() : error;
    }
  }
}
