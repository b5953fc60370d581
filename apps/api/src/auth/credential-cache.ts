import { LRUCache } from 'lru-cache';

/** So that what is revoked anywhere is refused everywhere within a second. */
const MAX_AGE_MS = 500;
/** What is exactly as old as its time to live is not stale to the library yet. */
const REMEMBERED = {
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
 * Rows that requests are judged by, never older than half a second: each is read again at the first request after
 * that, once for all that ask at the same time. Rows that are not there are not remembered, so that nobody can push
 * those out that are.
 */
export class CredentialCache<Row extends object | string> {
  private readonly known = new LRUCache<string, Row>(REMEMBERED);
  private readonly pending = new Map<string, Pending<Row>>();

  constructor(private readonly read: (id: string) => Promise<Row | null>) {}

  /** The row, if it was read just now. */
  recent(id: string): Row | undefined {
    return this.known.get(id);
  }

  async get(id: string): Promise<Row | null> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const pending = this.pending.get(id);
    // A reading's age is counted from when it was asked for.
    if (pending !== undefined && performance.now() - pending.began < MAX_AGE_MS) return pending.row;
    return this.begin(id).row;
  }

  /** Has it read again by whoever asks next; a reading that is under way is not kept. */
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
