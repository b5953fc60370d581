/** Postgres did not answer in time. */
export class DatabaseTimeoutError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('Postgres did not answer in time');
    this.name = 'DatabaseTimeoutError';
  }
}

/** How long to wait for a check that is running. On a server that answers, it takes milliseconds. */
const CHECK_PATIENCE_MS = 500;

/**
 * Remembers whether Postgres answers. After a timeout without any answer, work fails at once instead of waiting for
 * its own timeout, until a check succeeds; otherwise, those that wait for one another would add up their timeouts.
 */
export class Responsiveness {
  private isAway = false;
  private answeredAt = -Infinity;
  private check: Promise<void> | undefined;

  /** @param ping rejects when Postgres does not answer in time */
  constructor(private readonly ping: () => Promise<void>) {}

  answered(): void {
    this.answeredAt = performance.now();
    this.isAway = false;
  }

  /** @param since when the query began that timed out, as of `performance.now()` */
  timedOut(since: number): void {
    // Other queries were answered meanwhile: this one waited for a lock.
    if (this.answeredAt < since) this.isAway = true;
  }

  /** @throws {DatabaseTimeoutError} while Postgres does not answer */
  async ensure(): Promise<void> {
    if (!this.isAway) return;
    this.check ??= this.ping()
      .then(
        () => this.answered(),
        () => undefined,
      )
      .finally(() => (this.check = undefined));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, CHECK_PATIENCE_MS)));
    await Promise.race([this.check, patience]);
    clearTimeout(timer);
    // Queries may have been answered while this waited.
    if (this.stillAway()) throw new DatabaseTimeoutError();
  }

  private stillAway(): boolean {
    return this.isAway;
  }
}
