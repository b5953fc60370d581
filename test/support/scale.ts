import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `long` in `npm run test:scale`, `short` in every other run. */
    scale: 'short' | 'long';
  }
}

/** Returns every n-th of the cases in a short run, and all of them in a long one. */
export function sample<T>(cases: readonly T[], n: number): T[] {
  const every = byScale({ short: n, long: 1 });
  return cases.filter((_, place) => place % every === 0);
}

/** Returns how often to repeat something: `short` checks the same as `long`, with less certainty. */
export function byScale(counts: { readonly short: number; readonly long: number }): number {
  return counts[inject('scale')];
}
