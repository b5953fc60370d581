import { AsyncLocalStorage } from 'node:async_hooks';

/** What the log lines of one request or one job have in common. */
export type Correlation = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Correlation>();

/** Runs `work`; every line logged on the way carries the correlation's fields. */
export function withCorrelation<T>(correlation: Correlation, work: () => T): T {
  return current.run({ ...current.getStore(), ...correlation }, work);
}

/** The fields of the request or job that is being worked on. */
export function correlation(): Correlation {
  return current.getStore() ?? {};
}
