/** The time in which an account's build minutes are counted. */
export interface QuotaPeriod {
  readonly start: Date;
  /** When the next period begins. */
  readonly end: Date;
}

/** Returns the period that a time belongs to: its calendar month in UTC. */
export function quotaPeriod(at: Date): QuotaPeriod {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  return { start: new Date(Date.UTC(year, month, 1)), end: new Date(Date.UTC(year, month + 1, 1)) };
}
