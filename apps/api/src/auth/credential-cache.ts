import { LRUCache } from 'lru-cache';

/** Bounds a revocation: every process refuses a revoked credential within a second. */
const MAX_AGE_MS = 500;
/** One less, because lru-cache does not treat an entry as stale at exactly its TTL. */
const CACHE_OPTIONS = {
  max: 10_000,
  ttl: MAX_AGE_MS - 1,
  ttlResolution: 0,
  perf: { now: () => performance.now() },
};

interface Pending<Row> {
  readonly began: number;
  readonly row: Promise<Row | null>;
}

/**
 * Caches the rows that requests are authenticated by, for at most half a second. The first request after that reads the
 * row again, and concurrent requests share the read. Missing rows are not cached, so that nobody can evict others with
 * made-up ids.
 */
export class CredentialCache<Row extends object | string> {
  private readonly known = new LRUCache<string, Row>(CACHE_OPTIONS);
  private readonly pending = new Map<string, Pending<Row>>();

  constructor(private readonly read: (id: string) => Promise<Row | null>) {}

  /** Returns the row if it is cached. */
  recent(id: string): Row | undefined {
    return this.known.get(id);
  }

  async get(id: string): Promise<Row | null> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const pending = this.pending.get(id);
    // The age of a read counts from its start.
    if (pending !== undefined && performance.now() - pending.began < MAX_AGE_MS) return pending.row;
    return this.begin(id).row;
  }

  /** Makes the next request read the row again; a pending read is not kept. */
  forget(id: string): void {
    this.known.delete(id);
    this.pending.delete(id);
  }

  private begin(id: string): Pending<Row> {
    const began = performance.now();
    const isLatest = () => this.pending.get(id) === pending;
    const row = this.read(id)
      .then((found) => {
        if (found !== null && isLatest()) this.known.set(id, found, { start: began });
        return found;
      })
      .finally(() => {
        if (isLatest()) this.pending.delete(id);
      });
    const pending: Pending<Row> = { began, row };
    this.pending.set(id, pending);
    return pending;
  }
}
