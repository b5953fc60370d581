import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields shared by the log lines of one request or job. */
export type Correlation = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Correlation>();

/** Runs `work` with the correlation's fields on every log line, in addition to those already set. */
export function withCorrelation<T>(correlation: Correlation, work: () => T): T {
  return current.run({ ...current.getStore(), ...correlation }, work);
}

/** Returns the fields of the current request or job. */
export function correlation(): Correlation {
  return current.getStore() ?? {};
}
