import { verifyApiKeySecret } from '@nexos/crypto';
import { LRUCache } from 'lru-cache';

/** A secret that was checked is not hashed again for this long: a poll must not pay for a hash. */
const REMEMBERED = { max: 10_000, ttl: 60_000, ttlResolution: 0 };
/** Hashes of one key that may run or wait at once; the owner of a key needs one. */
const MAX_AT_ONCE = 4;

/** Too many different secrets are tried on one key at once. */
export class TooManyChecksError extends Error {
  constructor() {
    super('too many secrets are tried on one key');
    this.name = 'TooManyChecksError';
  }
}

/** A secret that is to be checked. */
export interface Candidate {
  /** The SHA-256 of the whole key: what it is remembered under. */
  readonly digest: string;
  readonly keyId: string;
  readonly secret: string;
}

/**
 * Checks secrets against their hashes at a bounded cost: right ones and wrong ones are remembered for a minute,
 * twins share one hash, and one key has few of them at once.
 */
export class SecretChecks {
  private readonly right = new LRUCache<string, string>(REMEMBERED);
  /** Apart, so that wrong ones, which anybody can make up, never push out right ones. */
  private readonly wrong = new LRUCache<string, string>(REMEMBERED);
  private readonly running = new Map<string, Promise<boolean>>();
  private readonly runningOf = new Map<string, number>();

  /** Whether the secret was found right at all within the last minute. */
  isRemembered(digest: string): boolean {
    return this.right.get(digest) !== undefined;
  }

  /** Whether the secret was found right for that hash within the last minute. */
  isKnownRight(digest: string, secretHash: string): boolean {
    return this.right.get(digest) === secretHash;
  }

  /** @throws {TooManyChecksError} */
  async isRight(candidate: Candidate, secretHash: string): Promise<boolean> {
    const { digest } = candidate;
    if (this.isKnownRight(digest, secretHash)) return true;
    if (this.wrong.get(digest) === secretHash) return false;
    return this.running.get(digest) ?? this.begin(candidate, secretHash);
  }

  private begin({ digest, keyId, secret }: Candidate, secretHash: string): Promise<boolean> {
    const others = this.runningOf.get(keyId) ?? 0;
    if (others >= MAX_AT_ONCE) throw new TooManyChecksError();
    this.runningOf.set(keyId, others + 1);
    const check = verifyApiKeySecret(secretHash, secret)
      .then((isRight) => {
        const memory = isRight ? this.right : this.wrong;
        memory.set(digest, secretHash);
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
